/** A line that stands out: soft background, an icon, words. */
import { Info } from 'lucide-react';
import type { CSSProperties, ReactNode } from 'react';
import styles from './notes.module.css';

export type Tone = 'green' | 'blue' | 'grey' | 'amber' | 'slate' | 'violet' | 'red' | 'teal';

export function Note({
  tone = 'grey',
  icon,
  action,
  children,
}: {
  tone?: Tone;
  icon?: ReactNode;
  action?: ReactNode;
  children: ReactNode;
}) {
  const style: CSSProperties & Record<'--tone' | '--tone-soft', string> = {
    '--tone': `var(--${tone})`,
    '--tone-soft': `var(--${tone}-soft)`,
  };
  return (
    <div className={styles['note']} style={style}>
      {icon ?? <Info aria-hidden />}
      <div>{children}</div>
      {action}
    </div>
  );
}
