/** A secret: it can be given, replaced and removed, never read. */
import { Button } from '../button.tsx';
import { TextArea, TextInput } from '../field.tsx';
import { FieldFrame } from './field-frame.tsx';
import { helpOf } from './field-help.ts';
import { useForm } from './form-context.tsx';
import styles from './schema-form.module.css';
import { useFormTexts } from './schema-form-texts.ts';
import type { SimpleProps } from './simple-fields.tsx';

export function SecretField({ schema, label, pointer, value, onChange, required, bare, multiline }: SimpleProps & { multiline: boolean }) {
  const t = useFormTexts();
  const form = useForm();
  const stored = form.secretSet(pointer);
  const removed = stored && value === null;
  const text = typeof value === 'string' ? value : '';
  const state = !stored ? null : removed ? t.secretRemoved : text === '' ? t.secretStored : t.secretReplaced;
  const help = [helpOf(schema, t), state].filter((part) => part !== null).join(' ');
  const shared = {
    value: text,
    onValue: (next: string) => onChange(next === '' ? undefined : next),
    placeholder: stored && !removed ? '••••••••' : '',
    autoComplete: 'new-password',
    spellCheck: false,
  };
  return (
    <FieldFrame label={label} help={help === '' ? null : help} pointer={pointer} required={required || stored} bare={bare} below>
      <div className={styles['secret']}>
        {multiline ? (
          <TextArea {...shared} rows={4} className={`mono ${styles['masked'] ?? ''}`} />
        ) : (
          <TextInput {...shared} type="password" />
        )}
        {stored && text === '' && (!required || removed) ? (
          <Button size="small" onClick={() => onChange(removed ? undefined : null)}>
            {removed ? t.keepSecret : t.removeSecret}
          </Button>
        ) : null}
      </div>
    </FieldFrame>
  );
}
