/** Label, help and error around one input of a generated form. */
import { type ReactNode, useId } from 'react';
import fieldStyles from '../field.module.css';
import { Field } from '../field.tsx';
import { useForm } from './form-context.tsx';
import styles from './schema-form.module.css';
import { useFormTexts } from './schema-form-texts.ts';

export interface FrameProps {
  label: string;
  help: ReactNode;
  pointer: string;
  required: boolean;
  bare?: boolean | undefined;
  /** Also shows problems below, for what has no fields of its own. */
  below?: boolean;
  children: ReactNode;
}

/** Around an input of the platform. */
export function FieldFrame({ label, help, pointer, required, bare = false, below = false, children }: FrameProps) {
  const form = useForm();
  return (
    <div className={styles['frame']} data-pointer={pointer}>
      <Field
        label={bare ? <span className="visually-hidden">{label}</span> : label}
        help={help}
        error={form.errorAt(pointer, below)}
        optional={!required && !bare}
      >
        {children}
      </Field>
    </div>
  );
}

/** Around an editor, which a label element cannot point to: it is named by `aria-label`. */
export function EditorFrame({
  label,
  help,
  pointer,
  required,
  bare = false,
  below = false,
  children,
}: Omit<FrameProps, 'children'> & { children: (describedBy: string | undefined, invalid: boolean) => ReactNode }) {
  const form = useForm();
  const t = useFormTexts();
  const id = useId();
  const error = form.errorAt(pointer, below);
  const described = [help ? `${id}-help` : '', error === null ? '' : `${id}-error`].filter((one) => one !== '').join(' ');
  return (
    <div className={styles['frame']} data-pointer={pointer}>
      <div className={fieldStyles['field']}>
        {bare ? null : (
          <span className={fieldStyles['label']} aria-hidden>
            {label} {required ? null : <span className={fieldStyles['optional']}>({t.optional})</span>}
          </span>
        )}
        {children(described === '' ? undefined : described, error !== null)}
        {help ? (
          <div className={fieldStyles['help']} id={`${id}-help`}>
            {help}
          </div>
        ) : null}
        {error === null ? null : (
          <div className={fieldStyles['error']} id={`${id}-error`} role="alert">
            {error}
          </div>
        )}
      </div>
    </div>
  );
}
