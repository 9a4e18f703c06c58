/** What fails on a route now, grouped by cause. */
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { hub } from '../../api/client.ts';
import { ErrorNote } from '../../parts/error-note.tsx';
import { SkeletonRows } from '../../parts/skeleton.tsx';
import { StateBadge } from '../../parts/state-badge.tsx';
import { Time } from '../../parts/time.tsx';
import { usePageTexts } from './page-texts.ts';
import styles from './route-page.module.css';

const SHOWN = 5;
const REFRESH_MS = 15_000;

export function RouteProblems({ route }: { route: string }) {
  const t = usePageTexts();
  const issues = useQuery({
    queryKey: ['issues', 'of', 'route', route],
    queryFn: async () => (await hub.issues.list({ route, limit: SHOWN })).items,
    refetchInterval: REFRESH_MS,
  });
  if (issues.error !== null && issues.data === undefined) return <ErrorNote error={issues.error} onRetry={() => void issues.refetch()} />;
  if (issues.data === undefined) return <SkeletonRows rows={3} height={32} />;
  if (issues.data.length === 0) return <p className="soft">{t.noProblems}</p>;
  return (
    <ul className={styles['problems']}>
      {issues.data.map(({ id, title, state, spoke, operation, routes, lastSeen }) => (
        <li key={id}>
          <StateBadge state={state} />
          <div>
            <Link to="/issues/$id" params={{ id }} search={{ route }}>
              {title}
            </Link>
            <p>
              {spoke} · {operation} · {t.affected(routes.find((each) => each.route === route)?.count ?? 0)} · <Time at={lastSeen} />
            </p>
          </div>
        </li>
      ))}
    </ul>
  );
}
