/** The place of what is still being read, in its final size. */
import styles from './notes.module.css';

export function Skeleton({ height = 16, width = '100%' }: { height?: number | string; width?: number | string }) {
  return <div className={styles['skeleton']} style={{ height, width }} aria-hidden />;
}

/** Several lines, as of a list. */
export function SkeletonRows({ rows = 8, height = 28 }: { rows?: number; height?: number }) {
  return (
    <div style={{ display: 'grid', gap: 8, padding: 12 }} aria-busy="true">
      {Array.from({ length: rows }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the rows are all the same
        <Skeleton key={row} height={height} width={row === rows - 1 ? '60%' : '100%'} />
      ))}
    </div>
  );
}
