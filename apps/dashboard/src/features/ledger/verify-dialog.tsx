/** Lets a person have everything counted again, and says what came out. */
import { ShieldAlert, ShieldCheck } from 'lucide-react';
import { useState } from 'react';
import { useFormat } from '../../i18n/format.ts';
import { Button } from '../../parts/button.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { ErrorNote } from '../../parts/error-note.tsx';
import { Note } from '../../parts/note.tsx';
import { Differences } from './differences.tsx';
import styles from './ledger.module.css';
import { useLedgerTexts } from './texts.ts';
import { useVerify, type Verification } from './use-verify.ts';

const RANGES = ['window', 'day', 'all'] as const;
const DAY_MS = 86_400_000;

export function VerifyDialog({ open, onClose, windowFrom }: { open: boolean; onClose: () => void; windowFrom: string | null }) {
  const t = useLedgerTexts();
  const format = useFormat();
  const [range, setRange] = useState<(typeof RANGES)[number]>('window');
  const { run, progress, stop } = useVerify();
  const start = () => {
    const day = new Date(Date.now() - DAY_MS).toISOString();
    run.mutate(range === 'all' ? undefined : range === 'day' ? day : (windowFrom ?? day));
  };
  return (
    <Dialog
      open={open}
      onClose={() => {
        stop();
        run.reset();
        onClose();
      }}
      title={t.verifyTitle}
      description={t.verifyIntro}
      width={560}
      footer={
        <>
          {run.isPending ? <Button onClick={stop}>{t.stop}</Button> : null}
          <Button tone="primary" busy={run.isPending} onClick={start}>
            {t.verify}
          </Button>
        </>
      }
    >
      <fieldset className={styles['choices']}>
        <legend>{t.range}</legend>
        {RANGES.map((one) => (
          <label key={one}>
            <input type="radio" name="ledger-range" checked={range === one} onChange={() => setRange(one)} /> {t.verifyRange[one]}
          </label>
        ))}
      </fieldset>
      <div aria-live="polite" className={styles['stack']}>
        {run.isPending ? (
          <Note tone="blue">{progress.until === null ? t.verifyingFirst : t.verifying(format.clock(progress.until))}</Note>
        ) : null}
        {run.error === null ? null : <ErrorNote error={run.error} />}
        {run.data === undefined ? null : <Verdict verdict={run.data} />}
      </div>
    </Dialog>
  );
}

function Verdict({ verdict }: { verdict: Verification }) {
  const t = useLedgerTexts();
  const format = useFormat();
  const { ok, runs, messages, differences, until, stopped } = verdict;
  if (!ok) {
    return (
      <>
        <Note tone="red" icon={<ShieldAlert aria-hidden />}>
          {t.verdictBroken(differences.length)}
        </Note>
        <Differences differences={differences} />
      </>
    );
  }
  return (
    <Note tone={stopped ? 'amber' : 'green'} icon={<ShieldCheck aria-hidden />}>
      {stopped
        ? t.stopped(format.clock(until ?? ''))
        : runs + messages === 0
          ? t.verifiedNothing
          : t.verified(t.runCount(runs), t.messageCount(messages))}
    </Note>
  );
}
