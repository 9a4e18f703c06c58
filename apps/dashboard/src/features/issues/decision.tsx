/** One delivery of which nobody knows whether it happened: what is known, and the two answers. */
import type { Delivery } from '@nave/api-schema';
import { Link } from '@tanstack/react-router';
import { Check, RotateCw } from 'lucide-react';
import { useState } from 'react';
import { Button } from '../../parts/button.tsx';
import { Id } from '../../parts/id.tsx';
import { StateBadge } from '../../parts/state-badge.tsx';
import { Time, useNow } from '../../parts/time.tsx';
import { useDecisionTexts } from './decision-texts.ts';
import styles from './issues.module.css';
import { ResolveDialog } from './resolve-dialog.tsx';

/** Attempts and lookups shown. */
const SHOWN = 4;

export function Decision({ delivery }: { delivery: Delivery }) {
  const t = useDecisionTexts();
  const [answer, setAnswer] = useState<'done' | 'notDone' | null>(null);
  const now = useNow();
  const { reason, nextAttemptAt, attempts } = delivery;
  const sent = attempts.find(({ outcome }) => outcome !== 'ok')?.startedAt ?? null;
  return (
    <>
      <div className={styles['heading']}>
        <StateBadge state={delivery.state} />
        <h2>{t.title(delivery.operation, delivery.spoke)}</h2>
      </div>
      <p>
        {(reason === null ? undefined : t.reasons[reason]) ?? t.otherReason(reason)}{' '}
        {nextAttemptAt === null ? null : (
          <span className="soft">
            {Date.parse(nextAttemptAt) <= now ? (
              t.asksNow
            ) : (
              <>
                {t.asksAgain} <Time at={nextAttemptAt} />.
              </>
            )}
          </span>
        )}
      </p>
      <dl className={styles['facts']}>
        <dt>{t.message}</dt>
        <dd>
          <Id id={delivery.messageId} short>
            {(text) => (
              <Link to="/messages/$id" params={{ id: delivery.messageId }} search={{ delivery: delivery.id }}>
                {text}
              </Link>
            )}
          </Id>
        </dd>
        <dt>{t.delivery}</dt>
        <dd>
          <Id id={delivery.id} />
        </dd>
        <dt>{t.route}</dt>
        <dd className={styles['underlined']}>
          <Link to="/routes/$name" params={{ name: delivery.route }}>
            {delivery.route}
          </Link>{' '}
          <span className="soft">
            {t.step} {delivery.step}
          </span>
        </dd>
        <dt>{t.sent}</dt>
        <dd>
          {sent === null ? (
            t.neverSent
          ) : (
            <>
              <Time at={sent} show="exact" />{' '}
              <span className="soft">
                (<Time at={sent} />)
              </span>
            </>
          )}
        </dd>
        <dt>{t.known}</dt>
        <dd>
          {attempts.length === 0 ? t.nothing : null}
          <ul className={styles['plain']}>
            {attempts.slice(-SHOWN).map((attempt) => (
              <li key={`${attempt.number} ${attempt.startedAt}`}>
                <StateBadge state={attempt.outcome} bare /> <span className="mono">{attempt.detail}</span>
              </li>
            ))}
          </ul>
        </dd>
      </dl>
      <div className={styles['answers']}>
        <div>
          <Button needs="operator" icon={<Check aria-hidden />} onClick={() => setAnswer('done')}>
            {t.happened}
          </Button>
          <p className="soft">{t.happenedMeans}</p>
        </div>
        <div>
          <Button needs="operator" icon={<RotateCw aria-hidden />} onClick={() => setAnswer('notDone')}>
            {t.notDone}
          </Button>
          <p className="soft">{t.notDoneMeans}</p>
        </div>
      </div>
      {answer === null ? null : <ResolveDialog delivery={delivery} outcome={answer} onClose={() => setAnswer(null)} />}
    </>
  );
}
