/** How a spoke is at the moment: traffic, health, what waits for a person, and what went in and out last. */
import type { Kind, Queue, Spoke } from '@nave/api-schema';
import { type UseQueryResult, useMutation, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { hub } from '../../api/client.ts';
import { useLiveRefresh } from '../../api/live.ts';
import { useFormat } from '../../i18n/format.ts';
import { Button } from '../../parts/button.tsx';
import { ErrorNote } from '../../parts/error-note.tsx';
import { Note } from '../../parts/note.tsx';
import { Panel } from '../../parts/page.tsx';
import { SkeletonRows } from '../../parts/skeleton.tsx';
import { Stat } from '../../parts/stat.tsx';
import { StateBadge } from '../../parts/state-badge.tsx';
import { Time } from '../../parts/time.tsx';
import { toast } from '../../parts/toasts.tsx';
import { IssuesPanel, LanesPanel } from './attention-panels.tsx';
import { useOverviewTexts } from './overview-texts.ts';
import { PollsPanel } from './polls-panel.tsx';
import { type SpokeState, sendsMessages, takesDeliveries, waitingOf } from './spoke-health.ts';
import styles from './spoke-page.module.css';
import { TrafficPanel } from './traffic-panel.tsx';
import { type SpokeTraffic, trafficQuery, useSpokesChanged } from './use-spokes.ts';

const RECENT = 8;
const REFRESH_MS = 3_000;

export interface OverviewTabProps {
  spoke: Spoke;
  kind: Kind | null;
  queue: UseQueryResult<Queue>;
  traffic: SpokeTraffic | null;
  state: SpokeState;
}

export function OverviewTab({ spoke, kind, queue, traffic, state }: OverviewTabProps) {
  const t = useOverviewTexts();
  const format = useFormat();
  const stats = useQuery(trafficQuery);
  const [takes, sends] = [takesDeliveries(spoke), sendsMessages(spoke)];
  const window = { window: t.hour, asOf: stats.data?.asOf ?? null };
  const { data } = queue;
  const finished = traffic === null ? 0 : traffic.succeeded + traffic.dead;
  return (
    <div className={styles['stack']}>
      {queue.isError && data === undefined ? <ErrorNote error={queue.error} onRetry={() => void queue.refetch()} /> : null}
      <HealthNote spoke={spoke} queue={data ?? null} state={state} />
      <Panel>
        <div className={styles['cards']}>
          {sends ? (
            <Stat label={t.received} value={traffic?.received ?? null} unit={t.messages} {...window}>
              <Link to="/messages" search={{ spoke: spoke.name }}>
                {t.showMessages}
              </Link>
            </Stat>
          ) : null}
          {takes ? (
            <>
              <Stat label={t.delivered} value={traffic?.total ?? null} unit={t.deliveries} {...window}>
                {traffic === null ? null : format.rate(traffic.ratePerSecond)}
              </Stat>
              <Stat
                label={t.success}
                value={finished === 0 || traffic === null ? null : format.percent(1 - traffic.errorShare)}
                {...window}
              >
                {traffic === null || traffic.dead === 0 ? null : t.deadOf(traffic.dead)}
              </Stat>
              <Stat label={t.latency} value={traffic?.latencyMs.p50 == null ? null : format.span(traffic.latencyMs.p50)} {...window}>
                {traffic?.latencyMs.p95 == null || traffic.latencyMs.p99 == null
                  ? null
                  : t.percentiles(format.span(traffic.latencyMs.p95), format.span(traffic.latencyMs.p99))}
              </Stat>
              <Stat label={t.waiting} value={waitingOf(data)} unit={t.deliveries}>
                {data === undefined || data.oldestSeconds === 0 ? null : t.oldest(format.span(data.oldestSeconds * 1_000))}{' '}
                <Link to="/queues/$spoke" params={{ spoke: spoke.name }}>
                  {t.showQueue}
                </Link>
              </Stat>
            </>
          ) : null}
        </div>
      </Panel>
      {takes ? <LanesPanel spoke={spoke.name} /> : null}
      {takes ? <IssuesPanel spoke={spoke.name} /> : null}
      <TrafficPanel spoke={spoke.name} sends={sends} takes={takes} />
      {spoke.polls === undefined ? null : <PollsPanel spoke={spoke} kind={kind} />}
      <div className={styles['columns']}>
        {sends ? <MessagesPanel spoke={spoke.name} /> : null}
        {takes ? <DeliveriesPanel spoke={spoke.name} /> : null}
      </div>
    </div>
  );
}

/** What keeps deliveries back, and the way out. */
function HealthNote({ spoke, queue, state }: { spoke: Spoke; queue: Queue | null; state: SpokeState }) {
  const t = useOverviewTexts();
  const changed = useSpokesChanged();
  const reset = useMutation({
    mutationFn: () => hub.queues.resetBreaker(spoke.name),
    onSuccess: async () => {
      toast(t.resetDone);
      await changed();
    },
    onError: (error) => toast(error.message, { tone: 'error' }),
  });
  if (queue?.flow.draining) {
    return (
      <Note tone="blue">
        {t.draining(queue.flow.draining.left)} <Time at={queue.flow.draining.since} />
      </Note>
    );
  }
  if (state === 'open' || state === 'half-open') {
    return (
      <Note
        tone={state === 'open' ? 'red' : 'amber'}
        action={
          <Button size="small" needs="operator" busy={reset.isPending} onClick={() => reset.mutate()}>
            {t.reset}
          </Button>
        }
      >
        <strong>{state === 'open' ? t.open : t.halfOpen}</strong> {t.openSince} <Time at={queue?.flow.openedAt ?? null} />.{' '}
        {typeof queue?.flow.probeAt === 'string' ? (
          <>
            {t.probe} <Time at={queue.flow.probeAt} />.
          </>
        ) : null}{' '}
        {t.openMeans}
      </Note>
    );
  }
  if (state === 'throttled' && queue !== null) {
    return (
      <Note tone="amber">
        {t.throttled} <Time at={queue.flow.throttledUntil} show="clock" />.
      </Note>
    );
  }
  if (state === 'paused') return <Note tone="slate">{t.paused}</Note>;
  return state === 'disabled' ? <Note tone="grey">{t.disabled}</Note> : null;
}

function MessagesPanel({ spoke }: { spoke: string }) {
  const t = useOverviewTexts();
  const messages = useQuery({
    queryKey: ['messages', 'recent', 'of', spoke],
    queryFn: () => hub.messages.list({ spoke: [spoke], limit: RECENT }),
  });
  useLiveRefresh(['messages', 'recent', 'of', spoke], ['messages'], REFRESH_MS);
  return (
    <Panel title={t.lastMessages} flush>
      {messages.isError ? <ErrorNote error={messages.error} onRetry={() => void messages.refetch()} /> : null}
      {messages.isPending ? <SkeletonRows rows={4} height={20} /> : null}
      {messages.data?.items.length === 0 ? <p className={styles['quiet']}>{t.noMessages}</p> : null}
      <ul className={styles['list']}>
        {messages.data?.items.map((message) => (
          <li key={message.id}>
            <Link to="/messages/$id" params={{ id: message.id }} className={styles['grow']}>
              {message.type}
            </Link>
            <StateBadge state={message.state} bare />
            <Time at={message.receivedAt} />
          </li>
        ))}
      </ul>
      {messages.data?.nextCursor ? (
        <div className={styles['more']}>
          <Link to="/messages" search={{ spoke }}>
            {t.allMessages}
          </Link>
        </div>
      ) : null}
    </Panel>
  );
}

function DeliveriesPanel({ spoke }: { spoke: string }) {
  const t = useOverviewTexts();
  const deliveries = useQuery({
    queryKey: ['deliveries', 'recent', 'of', spoke],
    queryFn: () => hub.deliveries.list({ spoke: [spoke], limit: RECENT }),
  });
  useLiveRefresh(['deliveries', 'recent', 'of', spoke], ['deliveries'], REFRESH_MS);
  return (
    <Panel title={t.lastDeliveries} flush>
      {deliveries.isError ? <ErrorNote error={deliveries.error} onRetry={() => void deliveries.refetch()} /> : null}
      {deliveries.isPending ? <SkeletonRows rows={4} height={20} /> : null}
      {deliveries.data?.items.length === 0 ? <p className={styles['quiet']}>{t.noDeliveries}</p> : null}
      <ul className={styles['list']}>
        {deliveries.data?.items.map((delivery) => (
          <li key={delivery.id}>
            <Link to="/messages/$id" params={{ id: delivery.messageId }} search={{ delivery: delivery.id }} className={styles['grow']}>
              {delivery.operation} <span className="soft">· {delivery.route}</span>
            </Link>
            <StateBadge state={delivery.state} bare />
            <Time at={delivery.finishedAt ?? delivery.createdAt} />
          </li>
        ))}
      </ul>
    </Panel>
  );
}
