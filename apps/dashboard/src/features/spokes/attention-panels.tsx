/** What waits for a person at a spoke: parked lanes and groups of failures. Nothing is shown where nothing waits. */
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { hub } from '../../api/client.ts';
import { ErrorNote } from '../../parts/error-note.tsx';
import { Panel } from '../../parts/page.tsx';
import { StateBadge } from '../../parts/state-badge.tsx';
import { Time } from '../../parts/time.tsx';
import { useOverviewTexts } from './overview-texts.ts';
import styles from './spoke-page.module.css';

const SHOWN = 5;

export function LanesPanel({ spoke }: { spoke: string }) {
  const t = useOverviewTexts();
  const lanes = useQuery({
    queryKey: ['lanes', 'parked', 'of', spoke],
    queryFn: () => hub.lanes.list({ spoke: [spoke], state: ['parked'], limit: SHOWN }),
    refetchInterval: 15_000,
  });
  if (lanes.isError) return <ErrorNote error={lanes.error} onRetry={() => void lanes.refetch()} />;
  if (lanes.data === undefined || lanes.data.items.length === 0) return null;
  return (
    <Panel title={t.lanes} flush>
      <p className={styles['quiet']}>{t.lanesMean}</p>
      <ul className={styles['list']}>
        {lanes.data.items.map((lane) => (
          <li key={lane.key}>
            <Link to="/deliveries/$id" params={{ id: lane.blockedBy }} className={`${styles['grow']} mono`}>
              {lane.key}
            </Link>
            {lane.state === null ? null : <StateBadge state={lane.state} bare />}
            <span className="numbers">{t.laneWaiting(lane.waiting)}</span>
            <Time at={lane.since} />
          </li>
        ))}
      </ul>
      {lanes.data.nextCursor === null ? null : (
        <div className={styles['more']}>
          <Link to="/issues" search={{ spoke, tab: 'lanes' }}>
            {t.all}
          </Link>
        </div>
      )}
    </Panel>
  );
}

export function IssuesPanel({ spoke }: { spoke: string }) {
  const t = useOverviewTexts();
  const issues = useQuery({
    queryKey: ['issues', 'open', 'of', spoke],
    queryFn: () => hub.issues.list({ spoke: [spoke], limit: SHOWN }),
    refetchInterval: 15_000,
  });
  if (issues.isError) return <ErrorNote error={issues.error} onRetry={() => void issues.refetch()} />;
  if (issues.data === undefined || issues.data.items.length === 0) return null;
  return (
    <Panel title={t.issues} flush>
      <ul className={styles['list']}>
        {issues.data.items.map((issue) => (
          <li key={issue.id}>
            <StateBadge state={issue.state} bare />
            <Link to="/issues/$id" params={{ id: issue.id }} className={styles['grow']}>
              {issue.title}
            </Link>
            <span className="numbers">{t.affected(issue.count)}</span>
            <Time at={issue.lastSeen} />
          </li>
        ))}
      </ul>
      {issues.data.nextCursor === null ? null : (
        <div className={styles['more']}>
          <Link to="/issues" search={{ spoke }}>
            {t.all}
          </Link>
        </div>
      )}
    </Panel>
  );
}
