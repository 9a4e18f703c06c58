/** A list with the detail of one of its rows beside it: each scrolls by itself. Under 900 px the detail takes the whole page. */
import type { ReactNode } from 'react';
import styles from './split.module.css';

/** @param props.detail a SlideOver, or null while none is open */
export function Split({ list, detail }: { list: ReactNode; detail: ReactNode }) {
  const open = detail !== null && detail !== undefined && detail !== false;
  return (
    <div className={styles['split']} data-open={open || undefined}>
      <div className={styles['list']}>{list}</div>
      {detail}
    </div>
  );
}
