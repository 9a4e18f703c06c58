/** A part of a form with fields of its own. */
import type { ReactNode } from 'react';
import { useForm } from './form-context.tsx';
import styles from './schema-form.module.css';

export interface GroupProps {
  label: string;
  help?: ReactNode;
  pointer: string;
  /** The outermost one has no frame, and its label is on the page. */
  plain?: boolean;
  /** The label is shown by what is around. */
  bare?: boolean;
  onRemove?: ReactNode;
  children: ReactNode;
}

export function Group({ label, help, pointer, plain = false, bare = false, onRemove, children }: GroupProps) {
  const error = useForm().errorAt(pointer);
  return (
    <fieldset className={plain || bare ? styles['plain'] : styles['group']}>
      <legend className={plain || bare ? 'visually-hidden' : styles['legend']}>{label}</legend>
      {help && !plain ? <p className={styles['help']}>{help}</p> : null}
      {error === null ? null : (
        <p className={styles['error']} role="alert">
          {error}
        </p>
      )}
      {children}
      {onRemove === undefined ? null : <div className={styles['corner']}>{onRemove}</div>}
    </fieldset>
  );
}
