/** A part that is folded away. What is inside is made when it is opened: a form may hold hundreds of editors. */
import { type ReactNode, useState } from 'react';
import styles from './schema-form.module.css';

export interface FoldProps {
  summary: ReactNode;
  className: string | undefined;
  /** From outside: something in it has to be seen. */
  open: boolean;
  children: ReactNode;
}

export function Fold({ summary, className, open, children }: FoldProps) {
  const [opened, setOpened] = useState(false);
  const shown = opened || open;
  return (
    <details className={className} open={shown} onToggle={(event) => setOpened(event.currentTarget.open)}>
      <summary>{summary}</summary>
      {shown ? <div className={styles['fields']}>{children}</div> : null}
    </details>
  );
}
