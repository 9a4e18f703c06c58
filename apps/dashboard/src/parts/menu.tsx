/** A menu behind a button: what is done rarely. */
import { DropdownMenu } from 'radix-ui';
import type { ReactElement, ReactNode } from 'react';
import { type Role, useMay } from '../api/session.ts';
import styles from './floating.module.css';

export interface MenuItem {
  label: string;
  icon?: ReactNode;
  onSelect: () => void;
  danger?: boolean;
  needs?: Role;
  disabled?: boolean;
  /** A line above it. */
  separated?: boolean;
}

/** @param props.trigger a button */
export function Menu({ trigger, label, items }: { trigger: ReactElement; label?: string; items: readonly MenuItem[] }) {
  const roles: Readonly<Record<Role, boolean>> = { viewer: true, operator: useMay('operator'), admin: useMay('admin') };
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger asChild>{trigger}</DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content className={styles['menu']} align="end" sideOffset={4} collisionPadding={8}>
          {label === undefined ? null : <DropdownMenu.Label className={styles['itemLabel']}>{label}</DropdownMenu.Label>}
          {items.map((item) => (
            <div key={item.label}>
              {item.separated ? <DropdownMenu.Separator className={styles['separator']} /> : null}
              <DropdownMenu.Item
                className={`${styles['item']} ${item.danger ? styles['itemDanger'] : ''}`}
                disabled={item.disabled === true || !roles[item.needs ?? 'viewer']}
                onSelect={item.onSelect}
              >
                {item.icon}
                {item.label}
              </DropdownMenu.Item>
            </div>
          ))}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}
