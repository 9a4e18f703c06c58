/** Lanes of the spoke that wait for a person: each behind a delivery that is dead or unknown. */
import type { Lane } from '@nave/api-schema';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { hub } from '../../api/client.ts';
import { useLiveRefresh } from '../../api/live.ts';
import { ErrorNote } from '../../parts/error-note.tsx';
import { Skeleton } from '../../parts/skeleton.tsx';
import { StateBadge } from '../../parts/state-badge.tsx';
import { Time } from '../../parts/time.tsx';
import { useDetailTexts } from './detail-texts.ts';
import styles from './queues.module.css';

const SHOWN_MAX = 10;

export function LanesSection({ spoke }: { spoke: string }) {
  const t = useDetailTexts();
  useLiveRefresh(['lanes'], ['queues'], 5_000);
  const lanes = useQuery({
    queryKey: ['lanes', 'parked', spoke],
    queryFn: async (): Promise<Lane[]> => {
      const found: Lane[] = [];
      for await (const lane of hub.lanes.all({ spoke, state: 'parked' }, { itemsMax: SHOWN_MAX + 1 })) found.push(lane);
      return found;
    },
  });
  return (
    <section className={styles['section']}>
      <h3>{t.lanes}</h3>
      {lanes.error === null ? null : <ErrorNote error={lanes.error} onRetry={() => void lanes.refetch()} />}
      {lanes.isPending ? <Skeleton height={19} /> : null}
      {lanes.data?.length === 0 ? <p className="soft">{t.lanesNone}</p> : null}
      <ul className={styles['list']}>
        {lanes.data?.slice(0, SHOWN_MAX).map((lane) => (
          <li key={lane.key} className={styles['lane']}>
            <Link to="/deliveries/$id" params={{ id: lane.blockedBy }} className="mono">
              {lane.key}
            </Link>
            {lane.state === null ? null : <StateBadge state={lane.state} />}
            <span className="numbers">{t.lane(lane.waiting)}</span>
            <span className="soft">
              <Time at={lane.since} />
            </span>
          </li>
        ))}
      </ul>
      {(lanes.data?.length ?? 0) > SHOWN_MAX ? <p className="soft">{t.lanesMore}</p> : null}
    </section>
  );
}
