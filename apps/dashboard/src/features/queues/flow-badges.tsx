/** What keeps deliveries of a queue back, as badges: all that holds, with until when. */
import type { Queue } from '@nave/api-schema';
import { useFormat } from '../../i18n/format.ts';
import { StateBadge } from '../../parts/state-badge.tsx';
import styles from './queues.module.css';
import { useQueueTexts } from './texts.ts';

/** @param props.enabled false: the spoke is switched off. @param props.throttled its patience is not over yet */
export function FlowBadges({ queue, enabled, throttled }: { queue: Queue; enabled: boolean; throttled: boolean }) {
  const t = useQueueTexts();
  const format = useFormat();
  const { breaker, paused, flow, ratePerSecond } = queue;
  const clock = (at: string, before: string) => (
    <span className={`${styles['clock']} soft numbers`} title={format.exact(at)}>
      {before} {format.clock(at)}
    </span>
  );
  return (
    <span className={styles['flow']}>
      {enabled ? null : <StateBadge state="disabled" />}
      {paused ? <StateBadge state="paused" /> : null}
      {breaker === 'closed' ? null : <StateBadge state={breaker} />}
      {breaker === 'open' && flow.probeAt !== null ? clock(flow.probeAt, t.tryAt) : null}
      {throttled && flow.throttledUntil !== null ? (
        <>
          <StateBadge state="throttled" /> {clock(flow.throttledUntil, t.until)}
        </>
      ) : null}
      {flow.draining === null ? null : (
        <span className={styles['draining']}>
          ↘ {t.draining}, <span className="numbers">{t.left(flow.draining.left)}</span>
        </span>
      )}
      {enabled && !paused && breaker === 'closed' && !throttled && flow.draining === null ? (
        <StateBadge state={ratePerSecond > 0 ? 'healthy' : 'idle'} />
      ) : null}
    </span>
  );
}
