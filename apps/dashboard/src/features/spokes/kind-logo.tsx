/** The sign of a kind: its initials on a square, always in the same colour. No pictures of others' brands. */
import type { CSSProperties } from 'react';
import styles from './kind-logo.module.css';

const TONES = ['blue', 'violet', 'teal', 'green', 'amber', 'slate', 'red'] as const;

/** Two letters: of the first two words, else the first two of the only one. */
function initialsOf(title: string): string {
  const words = title.split(/[^\p{L}\p{N}]+/u).filter((word) => word !== '');
  const [first = '', second] = words;
  const letters = second === undefined ? first.slice(0, 2) : `${first.slice(0, 1)}${second.slice(0, 1)}`;
  return letters === '' ? '?' : letters.toUpperCase();
}

export function KindLogo({ kind, title, size = 20 }: { kind: string; title: string; size?: number }) {
  const tone = TONES[[...kind].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 9_973, 7) % TONES.length] ?? 'slate';
  const style: CSSProperties = {
    width: size,
    height: size,
    fontSize: size * 0.45,
    background: `var(--${tone}-soft)`,
    color: `var(--${tone})`,
  };
  return (
    <span className={styles['logo']} style={style} aria-hidden>
      {initialsOf(title)}
    </span>
  );
}
