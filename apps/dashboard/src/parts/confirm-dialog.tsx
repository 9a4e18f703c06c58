/** Asks before something that cannot be taken back: says what will happen, with counts; the worst is confirmed by typing a name. */
import { type ReactNode, useState } from 'react';
import { defineTexts } from '../i18n/texts.ts';
import { Button } from './button.tsx';
import { Dialog } from './dialog.tsx';
import { ErrorNote } from './error-note.tsx';
import { Field, TextInput } from './field.tsx';

const useTexts = defineTexts({
  en: { cancel: 'Cancel', type: (name: string) => `Type ${name} to confirm` },
  cs: { cancel: 'Zrušit', type: (name: string) => `Pro potvrzení napište ${name}` },
});

export interface ConfirmDialogProps {
  open: boolean;
  onClose: () => void;
  title: string;
  /** What will happen. */
  children?: ReactNode;
  /** Verb and object: `Delete spoke`. */
  action: string;
  danger?: boolean;
  /** Has to be typed. */
  name?: string;
  busy?: boolean;
  error?: Error | null;
  /** Why it cannot be done yet, such as a preview that is still counted. */
  disabledReason?: string | null;
  onConfirm: () => void;
  /** In place of `Cancel`, where that is what the action does. */
  dismiss?: string;
}

export function ConfirmDialog(props: ConfirmDialogProps) {
  const { open, onClose, title, children, action, danger = false, name, busy = false, error = null, onConfirm } = props;
  const t = useTexts();
  const [typed, setTyped] = useState('');
  const missing = name !== undefined && typed !== name;
  const close = () => {
    setTyped('');
    onClose();
  };
  return (
    <Dialog
      open={open}
      onClose={close}
      title={title}
      footer={
        <>
          <Button onClick={close}>{props.dismiss ?? t.cancel}</Button>
          <Button
            tone={danger ? 'danger' : 'primary'}
            busy={busy}
            disabledReason={missing ? t.type(name) : (props.disabledReason ?? null)}
            onClick={onConfirm}
          >
            {action}
          </Button>
        </>
      }
    >
      {children}
      {name === undefined ? null : (
        <Field label={t.type(name)}>
          <TextInput value={typed} onValue={setTyped} autoComplete="off" spellCheck={false} />
        </Field>
      )}
      {error === null ? null : <ErrorNote error={error} />}
    </Dialog>
  );
}
