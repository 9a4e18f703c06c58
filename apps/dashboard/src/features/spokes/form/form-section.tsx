/** One part of the form of a spoke: open when it is needed or filled in, else a line that can be opened. */
import { ChevronRight } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import styles from './spoke-form.module.css';

export interface FormSectionProps {
  title: string;
  help?: string | null;
  /** At the beginning. */
  open: boolean;
  /** Something in it is wrong and shown: it opens by itself. */
  wrong: boolean;
  children: ReactNode;
}

export function FormSection({ title, help, open: first, wrong, children }: FormSectionProps) {
  const [open, setOpen] = useState(first);
  const shown = open || wrong;
  return (
    <details className={styles['section']} open={shown} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        <ChevronRight aria-hidden className={styles['chevron']} />
        <h2>{title}</h2>
        {help && !shown ? <span className={styles['hint']}>{help}</span> : null}
      </summary>
      <div className={styles['body']}>
        {help ? <p className="soft">{help}</p> : null}
        {children}
      </div>
    </details>
  );
}
