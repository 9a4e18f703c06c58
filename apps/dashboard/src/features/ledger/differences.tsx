/** What does not add up: where, when, how many, and which messages as far as that is known. */
import type { LedgerDifference } from '@nave/api-schema';
import { Link } from '@tanstack/react-router';
import { useFormat } from '../../i18n/format.ts';
import { Id } from '../../parts/id.tsx';
import { Time } from '../../parts/time.tsx';
import styles from './ledger.module.css';
import { useLedgerTexts } from './texts.ts';

const IDS_SHOWN = 12;

export function Differences({ differences }: { differences: readonly LedgerDifference[] }) {
  return (
    <div>
      {differences.map((difference) => (
        <Difference key={`${difference.id} ${difference.kind} ${difference.route} ${difference.from}`} difference={difference} />
      ))}
    </div>
  );
}

function Difference({
  difference: { kind, route, from, to, accepted, found, missing, messageIds, foundAt },
}: {
  difference: LedgerDifference;
}) {
  const t = useLedgerTexts();
  const format = useFormat();
  const more = messageIds.length - IDS_SHOWN;
  return (
    <div className={styles['difference']}>
      <div className={styles['line']}>
        <strong className={styles['red']}>
          ✕ {t.kinds[kind]}: {missing >= 0 ? t.missing(missing) : t.tooMany(-missing)}
        </strong>
        {route === '' ? null : (
          <Link to="/routes/$name" params={{ name: route }} className="mono">
            {route}
          </Link>
        )}
      </div>
      <div className={`${styles['line']} soft`}>
        <span>
          <Time at={from} show="clock" /> – <Time at={to} show="clock" />
        </span>
        <span>
          {t.acceptedFound}: {format.number(accepted)} / {format.number(found)}
        </span>
        <span>{foundAt === null ? t.foundNow : <Time at={foundAt} />}</span>
        <Link to="/messages" search={{ from, to, ...(route === '' ? {} : { route }) }}>
          {t.messagesThen}
        </Link>
      </div>
      {messageIds.length === 0 ? (
        kind === 'counters' || missing <= 0 ? null : (
          <p className="soft">{t.idsUnknown}</p>
        )
      ) : (
        <div className={styles['ids']}>
          {messageIds.slice(0, IDS_SHOWN).map((id) => (
            <Id key={id} id={id} short>
              {(text) => (
                <Link to="/messages/$id" params={{ id }}>
                  {text}
                </Link>
              )}
            </Id>
          ))}
          {more > 0 ? <span className="soft">{t.moreIds(more)}</span> : null}
        </div>
      )}
    </div>
  );
}
