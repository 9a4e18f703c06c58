/** An id: monospace, short where the whole one would be noise, with a button that copies the whole one. */
import type { ReactNode } from 'react';
import { CopyButton } from './copy-button.tsx';
import styles from './id.module.css';

/** @param props.short shows the last 8 characters, which differ; the title has all. @param props.children a link around the text */
export function Id({
  id,
  short = false,
  copy = true,
  children,
}: {
  id: string;
  short?: boolean;
  copy?: boolean;
  children?: (text: string) => ReactNode;
}) {
  const text = short && id.length > 12 ? `…${id.slice(-8)}` : id;
  return (
    <span className={styles['id']}>
      <span className={styles['text']} title={id}>
        {children === undefined ? text : children(text)}
      </span>
      {copy ? <CopyButton text={id} what="id" /> : null}
    </span>
  );
}
