/** All figures of one queue, each with its unit, its window and as of when. */
import type { Queue } from '@nave/api-schema';
import { useFormat } from '../../i18n/format.ts';
import { Stat } from '../../parts/stat.tsx';
import { StateBadge } from '../../parts/state-badge.tsx';
import { DEPTH_STATES } from './depth-bar.tsx';
import { useDetailTexts } from './detail-texts.ts';
import styles from './queues.module.css';

/** @param props.asOfMs when the figures were told */
export function QueueFigures({ queue, asOfMs }: { queue: Queue; asOfMs: number }) {
  const t = useDetailTexts();
  const format = useFormat();
  const { depth, oldestSeconds, ratePerSecond, latencyMs } = queue;
  const waiting = depth.pending + depth.retrying + depth.held;
  const span = (ms: number | null) => (ms === null ? null : format.span(ms));
  return (
    <section className={styles['section']} aria-label={t.figures}>
      <div className={styles['stats']}>
        <Stat label={t.waiting} value={waiting} unit={t.deliveries} asOf={new Date(asOfMs).toISOString()} />
        <Stat label={t.oldest} value={oldestSeconds === 0 ? '–' : format.span(oldestSeconds * 1_000)} window={t.oldestHint} />
        <Stat label={t.rate} value={format.number(ratePerSecond)} unit="/s" window={t.lastMinute} />
        <Stat label={t.latency('p50')} value={span(latencyMs.p50)} window={t.lastMinute} />
        <Stat label={t.latency('p95')} value={span(latencyMs.p95)} window={t.lastMinute} />
        <Stat label={t.latency('p99')} value={span(latencyMs.p99)} window={t.lastMinute} />
      </div>
      <ul className={styles['states']} aria-label={t.states}>
        {DEPTH_STATES.map((state) => (
          <li key={state}>
            <StateBadge state={state} count={format.number(depth[state])} bare={depth[state] === 0} />
          </li>
        ))}
      </ul>
    </section>
  );
}
