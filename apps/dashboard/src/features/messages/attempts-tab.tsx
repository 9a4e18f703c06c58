/** The attempts of a delivery: what was sent and what came back, and when the next ones are. */
import type { Delivery, Message, MessagePayload } from '@nave/api-schema';
import { useQuery } from '@tanstack/react-query';
import { useFormat } from '../../i18n/format.ts';
import { PayloadView } from '../../parts/payload-view.tsx';
import { StateBadge } from '../../parts/state-badge.tsx';
import { Time } from '../../parts/time.tsx';
import { useDetailTexts } from './detail-texts.ts';
import { type ExcerptPart, excerptPart } from './excerpt.ts';
import styles from './messages.module.css';
import { Pairs, Revealed } from './payload-tabs.tsx';
import { deliveryQuery } from './use-message.ts';
import type { Reveal } from './use-reveal.ts';

export function AttemptsTab({ message, delivery, reveal }: { message: Message; delivery: Delivery | null; reveal: Reveal }) {
  const t = useDetailTexts();
  if (delivery === null) return <p className="soft">{t.noDeliveries}</p>;
  return (
    <div className={styles['section']}>
      <Schedule id={delivery.id} />
      {delivery.attempts.length === 0 ? (
        <p className="soft">{t.noAttempts}</p>
      ) : (
        <>
          {reveal.payload === null ? <AttemptRows delivery={delivery} payload={null} /> : null}
          <Revealed message={message} reveal={reveal}>
            {(payload) => <AttemptRows delivery={delivery} payload={payload} />}
          </Revealed>
        </>
      )}
    </div>
  );
}

/** Newest first: that is the one people look for. */
function AttemptRows({ delivery, payload }: { delivery: Delivery; payload: MessagePayload | null }) {
  const t = useDetailTexts();
  const format = useFormat();
  const excerpts = payload?.deliveries.find(({ id }) => id === delivery.id)?.attempts ?? [];
  return [...delivery.attempts].reverse().map(({ number, outcome, status, durationMs, startedAt, detail }, index) => {
    const excerpt = excerpts.find((each) => each.number === number)?.excerpt;
    const facts = (
      <>
        <strong>{t.attemptNumber(number)}</strong>
        <StateBadge state={outcome} />
        <span className="numbers">{status === null ? '' : status}</span>
        <span className={`${styles['grow']} soft`}>{detail}</span>
        <span className="numbers soft">{format.span(durationMs)}</span>
        <Time at={startedAt} show="clock" />
      </>
    );
    return (
      <details key={`${number} ${startedAt}`} className={styles['attempt']} open={payload !== null && index === 0}>
        <summary>{facts}</summary>
        <div className={styles['attemptBody']}>
          {payload === null ? (
            <p className="soft">
              <Time at={startedAt} show="exact" />
            </p>
          ) : (
            <>
              <Part title={t.request} part={excerptPart(excerpt, 'request')} />
              <Part title={t.response} part={excerptPart(excerpt, 'response')} />
            </>
          )}
        </div>
      </details>
    );
  });
}

function Part({ title, part }: { title: string; part: ExcerptPart | null }) {
  const t = useDetailTexts();
  return (
    <section className={styles['section']}>
      <h3>
        {title} {part?.title ? <span className={styles['mono']}>{part.title}</span> : null}
      </h3>
      {part === null ? <p className="soft">{t.noExcerpt}</p> : null}
      {part === null || Object.keys(part.headers).length === 0 ? null : (
        <details>
          <summary className="soft">
            {t.headers} ({Object.keys(part.headers).length})
          </summary>
          <Pairs caption={`${title}: ${t.headers}`} pairs={part.headers} />
        </details>
      )}
      {part === null || part.body === null ? null : (
        <PayloadView text={part.body} contentType={part.contentType} label={title} fileName="excerpt" maxHeight={280} />
      )}
    </section>
  );
}

function Schedule({ id }: { id: string }) {
  const t = useDetailTexts();
  const { data } = useQuery(deliveryQuery(id));
  if (data === undefined || data.schedule.length === 0) return null;
  return (
    <section className={styles['section']} aria-label={t.schedule}>
      <h3>{t.nextAttempts}</h3>
      <ol className={styles['schedule']}>
        {data.schedule.map(({ attempt, at }) => (
          <li key={attempt}>
            {t.attemptNumber(attempt)} <Time at={at} />
          </li>
        ))}
      </ol>
    </section>
  );
}
