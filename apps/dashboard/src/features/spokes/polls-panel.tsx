/** The polls of a spoke: when they last fetched, what went wrong, and fetching at once. */
import type { Kind, PollStatus, Spoke } from '@nave/api-schema';
import { useMutation } from '@tanstack/react-query';
import { RefreshCw } from 'lucide-react';
import { hub } from '../../api/client.ts';
import { Button } from '../../parts/button.tsx';
import { Panel } from '../../parts/page.tsx';
import { Time } from '../../parts/time.tsx';
import { toast } from '../../parts/toasts.tsx';
import { useOverviewTexts } from './overview-texts.ts';
import styles from './spoke-page.module.css';
import { useSpokesChanged } from './use-spokes.ts';

export function PollsPanel({ spoke, kind }: { spoke: Spoke; kind: Kind | null }) {
  const t = useOverviewTexts();
  return (
    <Panel title={t.polls} flush>
      <ul className={styles['list']}>
        {Object.entries(spoke.polls ?? {}).map(([name, status]) => (
          <Poll
            key={name}
            spoke={spoke.name}
            name={name}
            status={status}
            title={kind?.polls.find((poll) => poll.name === name)?.title ?? name}
          />
        ))}
      </ul>
    </Panel>
  );
}

function Poll({ spoke, name, title, status }: { spoke: string; name: string; title: string; status: PollStatus }) {
  const t = useOverviewTexts();
  const changed = useSpokesChanged();
  const run = useMutation({
    mutationFn: () => hub.spokes.runPoll(spoke, name),
    onSuccess: async (done) => {
      if (done.ok) toast(t.fetched(done.items, done.duplicates));
      else toast(t.fetchFailed(done.detail), { tone: 'error' });
      await changed();
    },
    onError: (error) => toast(error.message, { tone: 'error' }),
  });
  return (
    <li>
      <div className={styles['grow']}>
        <strong>{title}</strong>
        <div className="soft">
          {t.last} {status.lastAt === null ? t.never : <Time at={status.lastAt} />}
          {status.nextAt === null ? null : (
            <>
              , {t.next} <Time at={status.nextAt} />
            </>
          )}
        </div>
        {status.failures === 0 ? null : (
          <div style={{ color: 'var(--red)' }}>
            {t.failures(status.failures)}
            {status.lastError === null ? '' : `: ${status.lastError}`}
          </div>
        )}
      </div>
      <Button size="small" icon={<RefreshCw aria-hidden />} needs="operator" busy={run.isPending} onClick={() => run.mutate()}>
        {t.fetch}
      </Button>
    </li>
  );
}
