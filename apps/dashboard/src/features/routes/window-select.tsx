/** The stretch of time that figures are about. */
import { Select } from '../../parts/field.tsx';
import { useListTexts } from './list-texts.ts';
import styles from './routes.module.css';
import { WINDOWS } from './use-routes.ts';

export function WindowSelect({ value, onValue }: { value: string; onValue: (value: string) => void }) {
  const t = useListTexts();
  return (
    <Select
      aria-label={t.window}
      className={styles['window'] ?? ''}
      value={value}
      onValue={onValue}
      options={WINDOWS.map((one) => ({ value: one, label: t.windowLast[one] ?? one }))}
    />
  );
}
