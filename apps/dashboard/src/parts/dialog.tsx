/** A dialog over the page: it holds the focus, ends with Escape, and gives the focus back. */
import { X } from 'lucide-react';
import { Dialog as Radix } from 'radix-ui';
import { type CSSProperties, type ReactNode, type RefObject, useEffect, useRef } from 'react';
import { defineTexts } from '../i18n/texts.ts';
import { IconButton } from './button.tsx';
import styles from './floating.module.css';

const useTexts = defineTexts({ en: { close: 'Close' }, cs: { close: 'Zavřít' } });

export interface DialogProps {
  open: boolean;
  onClose: () => void;
  title: string;
  /** A sentence under the title. */
  description?: ReactNode;
  children?: ReactNode;
  /** Buttons, the main one last. */
  footer?: ReactNode;
  /** Pixels; default 480. */
  width?: number;
}

export function Dialog({ open, onClose, title, description, children, footer, width }: DialogProps) {
  const t = useTexts();
  const before = useRef<Element | null>(null);
  const style: CSSProperties = width === undefined ? {} : { width: `min(${width}px, calc(100vw - 24px))` };
  return (
    <Radix.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <Radix.Portal>
        <Radix.Overlay className={styles['overlay']} />
        <Radix.Content
          className={styles['dialog']}
          style={style}
          {...(description === undefined ? { 'aria-describedby': undefined } : {})}
          onOpenAutoFocus={(event) => {
            before.current = document.activeElement;
            focusFirst(event);
          }}
          onCloseAutoFocus={(event) => event.preventDefault()}
        >
          <FocusBack to={before} />
          <div className={styles['dialogHead']}>
            <div>
              <Radix.Title asChild>
                <h2>{title}</h2>
              </Radix.Title>
              {description === undefined ? null : <Radix.Description className="soft">{description}</Radix.Description>}
            </div>
            <IconButton label={t.close} icon={<X />} size="small" onClick={onClose} />
          </div>
          {children === undefined ? null : <div className={styles['dialogBody']}>{children}</div>}
          {footer === undefined ? null : <div className={styles['dialogFoot']}>{footer}</div>}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

/**
 * Gives the focus back as the dialog goes. The library would do it in a task of its own, and to a trigger that most dialogs do not have:
 * a key pressed right after Escape would be lost.
 */
function FocusBack({ to }: { to: RefObject<Element | null> }) {
  useEffect(
    () => () => {
      if (to.current instanceof HTMLElement) to.current.focus({ preventScroll: true });
    },
    [to],
  );
  return null;
}

/** The first field, else the dialog itself: on the button that closes it the focus would open its tooltip, which takes the first Escape. */
function focusFirst(event: Event): void {
  if (!(event.currentTarget instanceof HTMLElement)) return;
  const field = event.currentTarget.querySelector<HTMLElement>('input, select, textarea, [contenteditable="true"]');
  event.preventDefault();
  (field ?? event.currentTarget).focus();
}
