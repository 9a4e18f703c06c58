/** Asks once more before a decision that cannot be taken back, and takes the answer of the system where a person found it. */
import type { Delivery, DeliveryResolve } from '@nave/api-schema';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { hub } from '../../api/client.ts';
import { CodeEditor } from '../../parts/code-editor/code-editor.tsx';
import { ConfirmDialog } from '../../parts/confirm-dialog.tsx';
import { Field } from '../../parts/field.tsx';
import { Note } from '../../parts/note.tsx';
import { toast } from '../../parts/toasts.tsx';
import { useDecisionTexts } from './decision-texts.ts';
import { outputOf } from './output-of.ts';
import { useIntervened } from './use-issues.ts';

export interface ResolveDialogProps {
  delivery: Delivery;
  outcome: DeliveryResolve['outcome'];
  onClose: () => void;
}

export function ResolveDialog({ delivery, outcome, onClose }: ResolveDialogProps) {
  const t = useDecisionTexts();
  const intervened = useIntervened();
  const [text, setText] = useState('');
  const output = outputOf(text);
  const done = outcome === 'done';
  const resolve = useMutation({
    mutationFn: () => hub.deliveries.resolve(delivery.id, { outcome, ...(done && output.kind === 'json' ? { output: output.value } : {}) }),
    onSuccess: () => {
      toast(done ? t.doneToast : t.againToast);
      onClose();
      void intervened();
    },
  });
  return (
    <ConfirmDialog
      open
      onClose={onClose}
      title={done ? t.doneTitle : t.againTitle}
      action={done ? t.doneAction : t.againAction}
      danger={!done}
      busy={resolve.isPending}
      error={resolve.error}
      disabledReason={done && output.kind === 'bad' ? t.outputBad : null}
      onConfirm={() => resolve.mutate()}
    >
      <p>{done ? t.doneBody : t.againBody}</p>
      {done ? (
        <Field label={t.output} help={t.outputHelp} optional error={output.kind === 'bad' ? t.outputBad : null}>
          <CodeEditor value={text} onChange={setText} language="json" label={t.output} minHeight={60} maxHeight={200} compact />
        </Field>
      ) : (
        <Note tone="amber">{t.againWarn}</Note>
      )}
      <p className="soft">{t.final}</p>
    </ConfirmDialog>
  );
}
