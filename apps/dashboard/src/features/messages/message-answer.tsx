/** How things are, in words: what came in the last hour, and what of it needs a look. */
import type { Stats } from '@nave/api-schema';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { hub } from '../../api/client.ts';
import { Skeleton } from '../../parts/skeleton.tsx';
import { useListTexts } from './list-texts.ts';
import type { MessageFilter } from './message-search.ts';

const READ_EVERY_MS = 15_000;

export function MessageAnswer({ filter }: { filter: MessageFilter }) {
  const t = useListTexts();
  const { data, isError } = useQuery({ queryKey: ['stats', '1h'], queryFn: () => hub.stats.get('1h'), refetchInterval: READ_EVERY_MS });
  if (isError) return null;
  if (data === undefined) return <Skeleton height={18} width={280} />;
  const { words, dead, open, unrouted } = factsOf(data, filter, t);
  return (
    <>
      {data.exact ? '' : t.about}
      {words}
      {dead === null ? '' : `; ${dead === 0 ? t.allWell : t.dead(dead)}`}
      {open === 0 ? '' : `, ${t.open(open)}`}
      {unrouted === 0 ? '' : `, ${t.unrouted(unrouted)}`}.{' '}
      {dead === 0 || filter.state === 'failed' ? null : (
        <Link to="/messages" search={{ ...filter, state: 'failed' }}>
          {t.showFailed}
        </Link>
      )}
    </>
  );
}

interface Facts {
  words: string;
  /** Null: the figures do not tell. */
  dead: number | null;
  open: number;
  unrouted: number;
}

/** Of the one spoke or route that is chosen, else of all. */
function factsOf(stats: Stats, { spoke, route }: MessageFilter, t: ReturnType<typeof useListTexts>): Facts {
  const { messages, deliveries } = stats;
  const all = { words: t.lastHour(messages.received), dead: deliveries.dead, open: deliveries.open, unrouted: messages.unrouted };
  if (route !== undefined && !route.includes(',')) {
    const own = stats.routes.find((each) => each.route === route);
    return { words: t.lastHourBy(own?.total ?? 0, route), dead: own?.dead ?? 0, open: own?.open ?? 0, unrouted: 0 };
  }
  if (spoke === undefined || spoke.includes(',')) return all;
  const own = stats.sources.find((each) => each.spoke === spoke);
  return { words: t.lastHourFrom(own?.received ?? 0, spoke), dead: null, open: 0, unrouted: own?.unrouted ?? 0 };
}
