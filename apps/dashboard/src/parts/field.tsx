/** Fields of forms: label, help and error belong to their input, for eyes and for screen readers. */
import { type ComponentProps, createContext, type ReactNode, useContext, useId } from 'react';
import { defineTexts } from '../i18n/texts.ts';
import styles from './field.module.css';

const useTexts = defineTexts({ en: { optional: 'optional' }, cs: { optional: 'nepovinné' } });

interface FieldContext {
  id: string;
  describedBy: string | undefined;
  invalid: boolean;
}

const Context = createContext<FieldContext | null>(null);

export interface FieldProps {
  label: ReactNode;
  help?: ReactNode;
  /** What is wrong with the value. */
  error?: string | null | undefined;
  optional?: boolean;
  /** One input, such as TextInput. */
  children: ReactNode;
}

export function Field({ label, help, error, optional = false, children }: FieldProps) {
  const t = useTexts();
  const id = useId();
  const described = [help ? `${id}-help` : '', error ? `${id}-error` : ''].filter((one) => one !== '').join(' ');
  return (
    <Context value={{ id, describedBy: described === '' ? undefined : described, invalid: Boolean(error) }}>
      <div className={styles['field']}>
        <label className={styles['label']} htmlFor={id}>
          {label} {optional ? <span className={styles['optional']}>({t.optional})</span> : null}
        </label>
        {children}
        {help ? (
          <div className={styles['help']} id={`${id}-help`}>
            {help}
          </div>
        ) : null}
        {error ? (
          <div className={styles['error']} id={`${id}-error`} role="alert">
            {error}
          </div>
        ) : null}
      </div>
    </Context>
  );
}

/** What ties an input of one's own to the field around it. */
function useFieldInput(): { id?: string; 'aria-describedby'?: string; 'aria-invalid'?: true } {
  const field = useContext(Context);
  if (field === null) return {};
  return {
    id: field.id,
    ...(field.describedBy === undefined ? {} : { 'aria-describedby': field.describedBy }),
    ...(field.invalid ? { 'aria-invalid': true } : {}),
  };
}

export function TextInput({
  onValue,
  className,
  ...rest
}: Omit<ComponentProps<'input'>, 'onChange'> & { onValue: (value: string) => void }) {
  return (
    <input
      {...useFieldInput()}
      {...rest}
      className={`${styles['input']} ${className ?? ''}`}
      onChange={(event) => onValue(event.currentTarget.value)}
    />
  );
}

export function TextArea({
  onValue,
  className,
  ...rest
}: Omit<ComponentProps<'textarea'>, 'onChange'> & { onValue: (value: string) => void }) {
  return (
    <textarea
      {...useFieldInput()}
      {...rest}
      className={`${styles['input']} ${className ?? ''}`}
      onChange={(event) => onValue(event.currentTarget.value)}
    />
  );
}

export interface SelectOption {
  value: string;
  label: string;
}

/** The platform's own list: it works with every keyboard, screen reader and phone. */
export function Select({
  options,
  onValue,
  className,
  ...rest
}: Omit<ComponentProps<'select'>, 'onChange' | 'children'> & { options: readonly SelectOption[]; onValue: (value: string) => void }) {
  return (
    <select
      {...useFieldInput()}
      {...rest}
      className={`${styles['input']} ${className ?? ''}`}
      onChange={(event) => onValue(event.currentTarget.value)}
    >
      {options.map(({ value, label }) => (
        <option key={value} value={value}>
          {label}
        </option>
      ))}
    </select>
  );
}

/** Takes effect with the form, or at once; the label stands beside it. */
export function Checkbox({
  label,
  help,
  checked,
  onChecked,
}: {
  label: ReactNode;
  help?: ReactNode;
  checked: boolean;
  onChecked: (checked: boolean) => void;
}) {
  const id = useId();
  return (
    <div className={styles['check']}>
      <input
        id={id}
        type="checkbox"
        checked={checked}
        onChange={(event) => onChecked(event.currentTarget.checked)}
        {...(help ? { 'aria-describedby': `${id}-help` } : {})}
      />
      <div>
        <label htmlFor={id}>{label}</label>
        {help ? (
          <div className={styles['help']} id={`${id}-help`}>
            {help}
          </div>
        ) : null}
      </div>
    </div>
  );
}
