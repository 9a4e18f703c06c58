/** How the hub treats the spoke, in short. */
import type { Spoke } from '@nave/api-schema';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { kindQuery } from '../spokes/api.ts';
import { useDetailTexts } from './detail-texts.ts';
import { policyFacts } from './queue-policy.ts';
import styles from './queues.module.css';

export function PolicySection({ spoke }: { spoke: Spoke }) {
  const t = useDetailTexts();
  const kind = useQuery(kindQuery(spoke.kind));
  const { concurrency, rate, timeout, retry, breaker } = policyFacts(spoke.policy, kind.data?.defaults);
  const standard = <span className="soft">{t.default}</span>;
  const words = (text: string) => (text === '' ? standard : text);
  return (
    <section className={styles['section']}>
      <div className={styles['sectionHead']}>
        <h3>{t.policy}</h3>
        <Link to="/spokes/$name" params={{ name: spoke.name }}>
          {t.edit}
        </Link>
      </div>
      <dl className={styles['facts']}>
        <dt>{t.concurrency}</dt>
        <dd>{concurrency === null ? standard : t.concurrencyValue(concurrency)}</dd>
        <dt>{t.rateLimit}</dt>
        <dd>{rate === null ? <span className="soft">{t.noLimit}</span> : t.rateValue(rate.limit, rate.per)}</dd>
        <dt>{t.timeout}</dt>
        <dd>{timeout ?? standard}</dd>
        <dt>{t.retry}</dt>
        <dd>
          {retry === null
            ? standard
            : retry.preset === null
              ? words(t.retryValue(retry.attempts, retry.base, retry.max, retry.factor))
              : t.preset(retry.preset)}
        </dd>
        <dt>{t.breaker}</dt>
        <dd>{breaker === null ? standard : words(t.breakerValue(breaker.failures, breaker.cooldown))}</dd>
      </dl>
    </section>
  );
}
