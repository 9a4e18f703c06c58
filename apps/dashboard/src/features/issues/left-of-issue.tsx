/** What is left of the failure that a replay was about: the answer to "did it help". */
import { ApiError } from '@nave/sdk';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { CircleCheck } from 'lucide-react';
import { hub } from '../../api/client.ts';
import { useLiveRefresh } from '../../api/live.ts';
import { buttonClass } from '../../parts/button.tsx';
import { ErrorNote } from '../../parts/error-note.tsx';
import { Note } from '../../parts/note.tsx';
import { Panel } from '../../parts/page.tsx';
import { Skeleton } from '../../parts/skeleton.tsx';
import { useReplayTexts } from './replay-texts.ts';

const REFRESH_MS = 2_000;

export function LeftOfIssue({ id }: { id: string }) {
  const t = useReplayTexts();
  const query = useQuery({
    queryKey: ['issues', id, 'count'],
    queryFn: () => countOf(id),
    refetchInterval: 5 * REFRESH_MS,
  });
  useLiveRefresh(['issues', id, 'count'], ['deliveries'], REFRESH_MS);
  return (
    <Panel title={t.left}>
      <div aria-live="polite">
        {query.error !== null ? (
          <ErrorNote error={query.error} onRetry={() => void query.refetch()} />
        ) : query.data === undefined ? (
          <Skeleton height={34} />
        ) : query.data === 0 ? (
          <Note tone="green" icon={<CircleCheck aria-hidden />}>
            {t.leftNone}
          </Note>
        ) : (
          <Note
            tone="red"
            action={
              <Link to="/issues/$id" params={{ id }} className={buttonClass('plain', 'small')}>
                {t.openIssue}
              </Link>
            }
          >
            {t.leftSome(query.data)}
          </Note>
        )}
      </div>
    </Panel>
  );
}

/** A failure without deliveries is not there. */
async function countOf(id: string): Promise<number> {
  try {
    return (await hub.issues.get(id, { limit: 1 })).count;
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return 0;
    throw error;
  }
}
