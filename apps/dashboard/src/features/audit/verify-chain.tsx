/** Computes the whole chain again, and says in words whether it holds. */
import { useMutation } from '@tanstack/react-query';
import { ShieldAlert, ShieldCheck } from 'lucide-react';
import { hub } from '../../api/client.ts';
import { Button } from '../../parts/button.tsx';
import { ErrorNote } from '../../parts/error-note.tsx';
import { Id } from '../../parts/id.tsx';
import { Note } from '../../parts/note.tsx';
import { useAuditTexts } from './texts.ts';

export function useVerifyChain() {
  return useMutation({ mutationFn: () => hub.audit.verify() });
}

type Verification = ReturnType<typeof useVerifyChain>;

export function VerifyButton({ verification }: { verification: Verification }) {
  const t = useAuditTexts();
  return (
    <Button icon={<ShieldCheck aria-hidden />} busy={verification.isPending} onClick={() => verification.mutate()}>
      {t.verify}
    </Button>
  );
}

export function VerifyResult({ verification: { data, error, isPending } }: { verification: Verification }) {
  const t = useAuditTexts();
  return (
    <div aria-live="polite" style={{ display: 'contents' }}>
      {isPending ? <Note tone="blue">{t.verifying}</Note> : null}
      {error === null || isPending ? null : <ErrorNote error={error} />}
      {data === undefined || isPending ? null : data.ok ? (
        <Note tone="green" icon={<ShieldCheck aria-hidden />}>
          {t.holds(data.entries)} {data.unsealed > 0 ? t.unsealed(data.unsealed) : null}{' '}
          {data.head === null ? null : <Id id={data.head.hash} short />}
        </Note>
      ) : (
        <Note tone="red" icon={<ShieldAlert aria-hidden />}>
          <strong>{t.broken(data.firstBroken)}</strong> {data.broken.reason}
        </Note>
      )}
    </div>
  );
}
