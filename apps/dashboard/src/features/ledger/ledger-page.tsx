/** The ledger: everything accepted is accounted for, or it says what is missing. */
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { Button } from '../../parts/button.tsx';
import { ErrorNote } from '../../parts/error-note.tsx';
import { Page, Panel } from '../../parts/page.tsx';
import { Skeleton } from '../../parts/skeleton.tsx';
import { Time } from '../../parts/time.tsx';
import { windowOf } from '../../parts/time-range.ts';
import { useWindowWords, WindowChoice } from '../../parts/window-choice.tsx';
import { BalanceWords } from './balance-words.tsx';
import { Differences } from './differences.tsx';
import styles from './ledger.module.css';
import { LedgerEquation, Term } from './ledger-equation.tsx';
import { LedgerTable } from './ledger-table.tsx';
import { useLedgerTexts } from './texts.ts';
import { ledgerQuery } from './use-ledger.ts';
import { VerifyDialog } from './verify-dialog.tsx';

export function LedgerPage() {
  const t = useLedgerTexts();
  const words = useWindowWords();
  const window = windowOf(useSearch({ from: '/ledger' }).window);
  const navigate = useNavigate({ from: '/ledger' });
  const ledger = useQuery(ledgerQuery(window));
  const [verifying, setVerifying] = useState(false);
  const { data } = ledger;
  return (
    <Page
      title={t.title}
      answer={
        data === undefined ? (
          <Skeleton width={320} />
        ) : (
          <>
            <BalanceWords ledger={data} />{' '}
            {data.checkedUntil === null ? (
              t.neverChecked
            ) : (
              <>
                {t.checkedUntil} <Time at={data.checkedUntil} show="clock" />.
              </>
            )}
          </>
        )
      }
      actions={
        <>
          <WindowChoice value={window} onValue={(span) => void navigate({ search: { window: span }, replace: true })} />
          <Button onClick={() => setVerifying(true)}>{t.verify}</Button>
        </>
      }
    >
      {ledger.error === null ? null : <ErrorNote error={ledger.error} onRetry={() => void ledger.refetch()} />}
      <Panel title={`${t.runs} · ${words(window)}`}>
        {data === undefined ? (
          <Skeleton height={44} />
        ) : (
          <div className={styles['stack']}>
            <LedgerEquation totals={data.totals} />
            <p className="soft">
              {t.runsMean} <Time at={data.from} show="clock" /> – <Time at={data.to} show="clock" />
            </p>
            <div>
              <h3>{t.messages}</h3>
              <div className={styles['equation']}>
                <Term count={data.messages.accepted} word={t.accepted} />
                <span className={styles['sign']}>=</span>
                <Term count={data.messages.found} word={t.found} tone="green" />
                {data.messages.unchecked === 0 ? null : (
                  <>
                    <span className={styles['sign']}>+</span>
                    <Term count={data.messages.unchecked} word={t.unchecked} tone="grey" />
                  </>
                )}
                {data.messages.difference === 0 ? null : (
                  <>
                    <span className={styles['sign']}>{data.messages.difference > 0 ? '+' : '−'}</span>
                    <Term
                      count={Math.abs(data.messages.difference)}
                      word={data.messages.difference > 0 ? t.difference : t.surplus}
                      tone="red"
                    />
                  </>
                )}
              </div>
            </div>
          </div>
        )}
      </Panel>
      {data === undefined ? null : (
        <div className={styles['panels']}>
          <Panel title={t.differences}>
            {data.differences.length === 0 ? <p className="soft">{t.noDifferences}</p> : <Differences differences={data.differences} />}
          </Panel>
          {data.blockedDays.length === 0 ? null : (
            <Panel title={t.blockedDays}>
              <p className="soft">{t.blockedMeans}</p>
              <ul className={styles['list']}>
                {data.blockedDays.map(({ day, reason }) => (
                  <li key={day}>
                    <b className="numbers">{day}</b> {reason}
                  </li>
                ))}
              </ul>
            </Panel>
          )}
        </div>
      )}
      <LedgerTable rows={data?.items ?? []} loading={ledger.isPending} />
      <VerifyDialog open={verifying} onClose={() => setVerifying(false)} windowFrom={data?.from ?? null} />
    </Page>
  );
}
