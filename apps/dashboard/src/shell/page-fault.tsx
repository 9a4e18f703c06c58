/** A page that broke: the rest goes on, and the fault is named. */
import type { ErrorComponentProps } from '@tanstack/react-router';
import { ErrorNote } from '../parts/error-note.tsx';
import styles from './shell.module.css';

export function PageFault({ error, reset }: ErrorComponentProps) {
  return (
    <div className={styles['fault']}>
      <ErrorNote error={error instanceof Error ? error : new Error(String(error))} onRetry={reset} />
    </div>
  );
}
