/** A list without rows: why, and what to do. */
import { Inbox } from 'lucide-react';
import type { ReactNode } from 'react';
import styles from './notes.module.css';

export function EmptyState({
  title,
  children,
  action,
  icon,
}: {
  title: string;
  children?: ReactNode;
  action?: ReactNode;
  icon?: ReactNode;
}) {
  return (
    <div className={styles['empty']}>
      {icon ?? <Inbox aria-hidden />}
      <h2>{title}</h2>
      {children === undefined ? null : <p>{children}</p>}
      {action}
    </div>
  );
}
