/** A small panel at a button, for choices that are more than a menu; ends with Escape or a click elsewhere. */
import { Popover as Radix } from 'radix-ui';
import type { ReactElement, ReactNode } from 'react';
import styles from './popover.module.css';

export interface PopoverProps {
  /** A button. */
  trigger: ReactElement;
  /** Read out for what opens. */
  label: string;
  children: ReactNode;
  /** Kept by the caller when it has to close it. */
  open?: boolean;
  onOpen?: (open: boolean) => void;
  align?: 'start' | 'center' | 'end';
  /** Pixels; default as wide as what is in it. */
  width?: number;
}

export function Popover({ trigger, label, children, open, onOpen, align = 'start', width }: PopoverProps) {
  return (
    <Radix.Root {...(open === undefined ? {} : { open })} {...(onOpen === undefined ? {} : { onOpenChange: onOpen })}>
      <Radix.Trigger asChild>{trigger}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          className={styles['popover']}
          aria-label={label}
          align={align}
          sideOffset={4}
          collisionPadding={8}
          style={width === undefined ? {} : { width }}
        >
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
