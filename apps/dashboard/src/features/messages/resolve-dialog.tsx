/** A person says what became of a delivery that was sent and not answered. */
import type { DeliveryDetail } from '@nave/api-schema';
import { useState } from 'react';
import { CodeEditor } from '../../parts/code-editor/code-editor.tsx';
import { ConfirmDialog } from '../../parts/confirm-dialog.tsx';
import { Note } from '../../parts/note.tsx';
import { useActionTexts } from './action-texts.ts';
import styles from './messages.module.css';

export interface ResolveDialogProps {
  delivery: DeliveryDetail;
  outcome: 'done' | 'notDone';
  /** It was resolved meanwhile: what it is now. */
  changed: string | null;
  onClose: () => void;
  busy: boolean;
  error: Error | null;
  /** @param output undefined when none was given */
  onResolve: (output: unknown) => void;
}

export function ResolveDialog({ delivery, outcome, changed, onClose, busy, error, onResolve }: ResolveDialogProps) {
  const t = useActionTexts();
  const [text, setText] = useState('');
  const output = parsed(text);
  const { spoke, operation } = delivery;
  const done = outcome === 'done';
  return (
    <ConfirmDialog
      open
      onClose={onClose}
      title={done ? t.resolve.doneTitle : t.resolve.notDoneTitle}
      action={done ? t.resolve.done : t.resolve.notDone}
      danger={!done}
      busy={busy}
      error={error}
      disabledReason={changed ?? (output.ok ? null : t.resolve.outputWrong)}
      onConfirm={() => output.ok && onResolve(output.value)}
    >
      <p>
        {done ? t.resolve.doneHappens(spoke, operation) : t.resolve.notDoneHappens(spoke, operation)} {t.audited}
      </p>
      {changed === null || error !== null ? null : <Note tone="amber">{changed}</Note>}
      {done ? (
        <div className={styles['section']}>
          <strong>{t.resolve.output}</strong>
          <CodeEditor
            value={text}
            onChange={setText}
            language="json"
            label={t.resolve.output}
            invalid={!output.ok}
            minHeight={64}
            maxHeight={240}
          />
          <span className="soft">{output.ok ? t.resolve.outputHelp : t.resolve.outputWrong}</span>
        </div>
      ) : null}
    </ConfirmDialog>
  );
}

function parsed(text: string): { ok: true; value: unknown } | { ok: false } {
  if (text.trim() === '') return { ok: true, value: undefined };
  try {
    const value: unknown = JSON.parse(text);
    return { ok: true, value };
  } catch {
    return { ok: false };
  }
}
