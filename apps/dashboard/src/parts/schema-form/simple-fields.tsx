/** Inputs for single values: text, numbers, switches, choices, expressions. */
import { useState } from 'react';
import { CodeEditor } from '../code-editor/code-editor.tsx';
import { Checkbox, Select, TextArea, TextInput } from '../field.tsx';
import { EditorFrame, FieldFrame } from './field-frame.tsx';
import { booleanDefault, helpOf, placeholderOf } from './field-help.ts';
import { fieldLabel } from './field-label.ts';
import { type FieldProps, useForm } from './form-context.tsx';
import styles from './schema-form.module.css';
import { useFormTexts } from './schema-form-texts.ts';
import type { JsonObject } from './schema-shape.ts';

export type SimpleProps = Omit<FieldProps, 'schema'> & { schema: JsonObject; label: string };

export function TextField({ schema, label, pointer, value, onChange, required, bare, multiline }: SimpleProps & { multiline: boolean }) {
  const t = useFormTexts();
  const text = typeof value === 'string' ? value : '';
  const change = (next: string) => onChange(next === '' ? undefined : next);
  const shared = { value: text, onValue: change, placeholder: placeholderOf(schema), spellCheck: false, autoComplete: 'off' };
  return (
    <FieldFrame label={label} help={helpOf(schema, t)} pointer={pointer} required={required} bare={bare} below>
      {multiline ? <TextArea {...shared} rows={4} className="mono" /> : <TextInput {...shared} />}
    </FieldFrame>
  );
}

export function ExpressionField({ schema, label, pointer, value, onChange, required, bare }: SimpleProps) {
  const t = useFormTexts();
  const form = useForm();
  const complete = form.complete;
  return (
    <EditorFrame label={label} help={helpOf(schema, t)} pointer={pointer} required={required} bare={bare} below>
      {(describedBy, invalid) => (
        <CodeEditor
          compact
          language="jsonata"
          label={label}
          value={typeof value === 'string' ? value : ''}
          onChange={form.disabled ? undefined : (next) => onChange(next === '' ? undefined : next)}
          maxHeight={240}
          describedBy={describedBy}
          invalid={invalid}
          placeholder={placeholderOf(schema)}
          complete={complete === undefined ? undefined : (prefix) => complete(pointer, prefix)}
        />
      )}
    </EditorFrame>
  );
}

/** What is no number yet stays as it was written, and is told. */
export function NumberField({ schema, label, pointer, value, onChange, required, bare, integer }: SimpleProps & { integer: boolean }) {
  const t = useFormTexts();
  const [draft, setDraft] = useState('');
  const shown = numberIn(draft) === value && value !== undefined ? draft : value === undefined || value === null ? '' : String(value);
  return (
    <FieldFrame label={label} help={helpOf(schema, t)} pointer={pointer} required={required} bare={bare} below>
      <TextInput
        className={styles['number']}
        inputMode={integer ? 'numeric' : 'decimal'}
        autoComplete="off"
        placeholder={placeholderOf(schema)}
        value={shown}
        onValue={(text) => {
          setDraft(text);
          onChange(numberIn(text));
        }}
      />
    </FieldFrame>
  );
}

function numberIn(text: string): unknown {
  const trimmed = text.trim().replace(',', '.');
  if (trimmed === '') return undefined;
  return /^[-+]?\d+(?:\.\d*)?$/.test(trimmed) && Number.isFinite(Number(trimmed)) ? Number(trimmed) : text;
}

/** A box to tick where it is known what "not set" means, else a choice of three. */
export function BooleanField({ schema, label, pointer, value, onChange, required, bare }: SimpleProps) {
  const t = useFormTexts();
  const form = useForm();
  const fallback = booleanDefault(schema) ?? (required ? false : null);
  if (fallback !== null && form.errorAt(pointer) === null) {
    return <Checkbox label={label} help={helpOf(schema, t)} checked={typeof value === 'boolean' ? value : fallback} onChecked={onChange} />;
  }
  const options = [
    { value: '', label: t.notSet },
    { value: 'true', label: t.yes },
    { value: 'false', label: t.no },
  ];
  return (
    <FieldFrame label={label} help={helpOf(schema, t)} pointer={pointer} required={required} bare={bare}>
      <Select
        options={options}
        value={typeof value === 'boolean' ? String(value) : ''}
        onValue={(next) => onChange(next === '' ? undefined : next === 'true')}
      />
    </FieldFrame>
  );
}

export function ChoiceField({
  schema,
  label,
  pointer,
  value,
  onChange,
  required,
  bare,
  values,
}: SimpleProps & { values: readonly unknown[] }) {
  const t = useFormTexts();
  const fallback = schema['default'];
  const unset = required && fallback === undefined ? t.choose : fallback === undefined ? t.notSet : t.notSetDefault(choiceLabel(fallback));
  const known = values.indexOf(value);
  const options = [
    ...(required && known !== -1 ? [] : [{ value: '', label: unset }]),
    ...values.map((each, index) => ({ value: String(index), label: choiceLabel(each) })),
  ];
  return (
    <FieldFrame label={label} help={helpOf(schema, t)} pointer={pointer} required={required} bare={bare}>
      <Select
        options={options}
        value={known === -1 ? '' : String(known)}
        onValue={(next) => onChange(next === '' ? undefined : values[Number(next)])}
      />
    </FieldFrame>
  );
}

/** Several of a few values. */
export function ChoicesField({ schema, label, pointer, value, onChange, values }: SimpleProps & { values: readonly unknown[] }) {
  const t = useFormTexts();
  const form = useForm();
  const chosen = Array.isArray(value) ? value : [];
  const help = helpOf(schema, t);
  const error = form.errorAt(pointer, true);
  return (
    <fieldset className={styles['choices']} data-pointer={pointer}>
      <legend>{label}</legend>
      <div className={styles['boxes']}>
        {values.map((each) => (
          <Checkbox
            key={JSON.stringify(each)}
            label={choiceLabel(each)}
            checked={chosen.includes(each)}
            onChecked={(checked) => {
              const next = values.filter((one) => (one === each ? checked : chosen.includes(one)));
              onChange(next.length === 0 ? undefined : next);
            }}
          />
        ))}
      </div>
      {help === null ? null : <p className={styles['help']}>{help}</p>}
      {error === null ? null : (
        <p className={styles['error']} role="alert">
          {error}
        </p>
      )}
    </fieldset>
  );
}

function choiceLabel(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** The name of a variant: its title, else its value in words. */
export function variantLabel(title: string | null, value: unknown): string {
  return title ?? (typeof value === 'string' ? fieldLabel(value) : choiceLabel(value));
}
