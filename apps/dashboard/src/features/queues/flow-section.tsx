/** What keeps the deliveries of a queue back, in sentences. */
import type { Queue } from '@nave/api-schema';
import { useFormat } from '../../i18n/format.ts';
import { useDetailTexts } from './detail-texts.ts';
import styles from './queues.module.css';

export function FlowSection({ queue, enabled }: { queue: Queue; enabled: boolean }) {
  const t = useDetailTexts();
  const format = useFormat();
  const { breaker, paused, flow } = queue;
  const clock = (at: string | null) => (at === null ? null : format.clock(at));
  const facts = [
    enabled ? null : t.disabled,
    paused ? t.paused : null,
    breaker === 'open' ? t.opened(clock(flow.openedAt) ?? '–', clock(flow.probeAt)) : null,
    breaker === 'half-open' ? t.probing(clock(flow.probeAt)) : null,
    flow.throttledUntil === null ? null : t.throttled(format.clock(flow.throttledUntil)),
    flow.draining === null
      ? null
      : t.draining(
          flow.draining.left,
          flow.draining.rate === null ? null : format.rate(flow.draining.rate),
          format.clock(flow.draining.since),
        ),
    flow.retryBudgetExhaustedAt === null ? null : t.budget(format.clock(flow.retryBudgetExhaustedAt)),
  ].filter((fact) => fact !== null);
  return (
    <section className={styles['section']}>
      <h3>{t.flow}</h3>
      {facts.length === 0 ? (
        <p className="soft">{t.flowNone}</p>
      ) : (
        <ul className={styles['list']}>
          {facts.map((fact) => (
            <li key={fact}>{fact}</li>
          ))}
        </ul>
      )}
    </section>
  );
}
