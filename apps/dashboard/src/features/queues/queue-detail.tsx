/** One queue beside the list: how it is in words, all its figures, what keeps it back, and what may be done about it. */
import type { Queue, Spoke } from '@nave/api-schema';
import { useMutation, useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { CirclePause, CirclePlay, RotateCw } from 'lucide-react';
import { useState } from 'react';
import { hub } from '../../api/client.ts';
import { Button, buttonClass } from '../../parts/button.tsx';
import { ConfirmDialog } from '../../parts/confirm-dialog.tsx';
import { ErrorNote } from '../../parts/error-note.tsx';
import { SkeletonRows } from '../../parts/skeleton.tsx';
import { SlideOver } from '../../parts/slide-over.tsx';
import { useNow } from '../../parts/time.tsx';
import { toast } from '../../parts/toasts.tsx';
import { useShortcuts } from '../../parts/use-shortcuts.ts';
import { PauseDialog, queueQuery, ResumeDialog, spokeQuery, useSpokesChanged } from '../spokes/api.ts';
import { useDetailTexts } from './detail-texts.ts';
import { FlowSection } from './flow-section.tsx';
import { LanesSection } from './lanes-section.tsx';
import { PolicySection } from './policy-section.tsx';
import { type QueueRow, queueRow } from './queue-attention.ts';
import { QueueCharts } from './queue-charts.tsx';
import { QueueFigures } from './queue-figures.tsx';
import { QueueStory } from './queue-story.tsx';
import styles from './queues.module.css';
import { routesQuery, routesTo } from './routes-query.ts';
import { useQueueTexts } from './texts.ts';
import { useLiveQueues } from './use-live-queues.ts';

export function QueueDetail() {
  const { spoke } = useParams({ from: '/queues/$spoke' });
  return <Detail key={spoke} name={spoke} />;
}

function Detail({ name }: { name: string }) {
  const t = useDetailTexts();
  const list = useQueueTexts();
  const navigate = useNavigate();
  const queue = useQuery(queueQuery(name));
  const spoke = useQuery(spokeQuery(name));
  useLiveQueues();
  const nowMs = useNow();
  const [asked, setAsked] = useState<'pause' | 'reset' | null>(null);
  useShortcuts([{ keys: 'p', description: list.toggle, first: true, run: () => setAsked('pause') }]);
  const row = queue.data === undefined ? null : queueRow(queue.data, spoke.data, nowMs);
  const title = spoke.data?.title ?? name;
  return (
    <SlideOver
      label={t.queue(title)}
      of={name}
      onClose={() => void navigate({ to: '/queues', search: (before) => before })}
      actions={row === null ? null : <Actions row={row} onAsk={setAsked} />}
    >
      <div className={styles['detail']}>
        {queue.error === null ? null : <ErrorNote error={queue.error} onRetry={() => void queue.refetch()} />}
        {row === null ? queue.isPending ? <SkeletonRows rows={10} /> : null : <QueueStory row={row} />}
        <Links name={name} />
        {row === null ? null : (
          <>
            <QueueFigures queue={row.queue} asOfMs={queue.dataUpdatedAt} />
            <FlowSection queue={row.queue} enabled={row.enabled} />
            <LanesSection spoke={name} />
            <QueueCharts spoke={name} />
          </>
        )}
        {spoke.data === undefined ? null : <PolicySection spoke={spoke.data} />}
      </div>
      {spoke.data === undefined || row === null ? null : (
        <Dialogs asked={asked} spoke={spoke.data} queue={row.queue} onClose={() => setAsked(null)} />
      )}
    </SlideOver>
  );
}

function Actions({ row, onAsk }: { row: QueueRow; onAsk: (asked: 'pause' | 'reset') => void }) {
  const t = useDetailTexts();
  const { paused, breaker } = row.queue;
  return (
    <>
      {breaker === 'closed' ? null : (
        <Button needs="operator" icon={<RotateCw aria-hidden />} onClick={() => onAsk('reset')}>
          {t.reset}
        </Button>
      )}
      <Button
        needs="operator"
        tone={paused ? 'primary' : 'plain'}
        icon={paused ? <CirclePlay aria-hidden /> : <CirclePause aria-hidden />}
        aria-keyshortcuts="p"
        onClick={() => onAsk('pause')}
      >
        {paused ? t.resume : t.pause}
      </Button>
    </>
  );
}

function Links({ name }: { name: string }) {
  const t = useDetailTexts();
  const style = buttonClass('plain', 'small');
  const routes = routesTo(useQuery(routesQuery).data ?? [], name);
  return (
    <nav className={styles['links']} aria-label={t.queue(name)}>
      {routes.length === 0 ? null : (
        <Link to="/messages" search={{ route: routes.join(',') }} className={style}>
          {t.messages}
        </Link>
      )}
      <Link to="/issues" search={{ spoke: name }} className={style}>
        {t.issues}
      </Link>
      <Link to="/spokes/$name" params={{ name }} className={style}>
        {t.spoke}
      </Link>
      <Link to="/map" search={{ select: name }} className={style}>
        {t.onMap}
      </Link>
    </nav>
  );
}

interface DialogsProps {
  asked: 'pause' | 'reset' | null;
  spoke: Spoke;
  queue: Queue;
  onClose: () => void;
}

function Dialogs({ asked, spoke, queue, onClose }: DialogsProps) {
  const t = useDetailTexts();
  const changed = useSpokesChanged();
  const reset = useMutation({
    mutationFn: () => hub.queues.resetBreaker(spoke.name),
    onSuccess: async () => {
      toast(t.resetDone(spoke.title));
      onClose();
      await changed();
    },
  });
  if (asked === 'reset') {
    const { pending, retrying, held } = queue.depth;
    return (
      <ConfirmDialog
        open
        onClose={onClose}
        title={t.resetTitle(spoke.title)}
        action={t.reset}
        busy={reset.isPending}
        error={reset.error}
        onConfirm={() => reset.mutate()}
      >
        <p>{t.resetMeans(pending + retrying + held)}</p>
      </ConfirmDialog>
    );
  }
  if (asked === null) return null;
  const known = { ...spoke, paused: queue.paused };
  return queue.paused ? <ResumeDialog spoke={known} onClose={onClose} /> : <PauseDialog spoke={known} onClose={onClose} />;
}
