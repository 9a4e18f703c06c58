/** Views of one thing, side by side; which one is shown belongs into the URL, so the caller keeps it. */
import { Tabs as Radix } from 'radix-ui';
import type { ReactNode } from 'react';
import styles from './tabs.module.css';

export interface Tab {
  value: string;
  label: ReactNode;
  content: ReactNode;
}

export function Tabs({
  tabs,
  value,
  onValue,
  label,
  full = false,
}: {
  tabs: readonly Tab[];
  value: string;
  onValue: (value: string) => void;
  label: string;
  /** Takes the height that is left; what is inside scrolls. */
  full?: boolean;
}) {
  return (
    <Radix.Root value={value} onValueChange={onValue} className={full ? styles['full'] : undefined}>
      <Radix.List className={styles['list']} aria-label={label}>
        {tabs.map((tab) => (
          <Radix.Trigger key={tab.value} value={tab.value} className={styles['tab']}>
            {tab.label}
          </Radix.Trigger>
        ))}
      </Radix.List>
      {tabs.map((tab) => (
        <Radix.Content key={tab.value} value={tab.value} className={styles['content']}>
          {tab.content}
        </Radix.Content>
      ))}
    </Radix.Root>
  );
}
