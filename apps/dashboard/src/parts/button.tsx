/** Buttons: what one may not do stays visible, and says why. */
import { LoaderCircle } from 'lucide-react';
import type { ComponentProps, MouseEvent, ReactNode } from 'react';
import { type Role, useMay } from '../api/session.ts';
import { defineTexts } from '../i18n/texts.ts';
import styles from './button.module.css';
import { Tooltip } from './tooltip.tsx';

export interface ButtonProps extends Omit<ComponentProps<'button'>, 'disabled'> {
  tone?: 'plain' | 'primary' | 'danger' | 'ghost';
  size?: 'normal' | 'small';
  /** Before the words. */
  icon?: ReactNode;
  /** Shows that it is under way, and takes no further click. */
  busy?: boolean;
  /** The role it takes; without it the button says so instead of acting. */
  needs?: Role;
  /** Why it cannot be used now. */
  disabledReason?: string | null;
}

const useTexts = defineTexts({
  en: { needs: (role: Role) => `This takes the role ${role}.` },
  cs: { needs: (role: Role) => `K tomu je potřeba role ${role}.` },
});

export function Button({ needs = 'viewer', disabledReason = null, busy = false, icon, children, onClick, ...rest }: ButtonProps) {
  const t = useTexts();
  const may = useMay(needs);
  const reason = needs !== 'viewer' && !may ? t.needs(needs) : disabledReason;
  const off = reason !== null || busy;
  const { tone = 'plain', size = 'normal', className, type = 'button', ...other } = rest;
  const act = (event: MouseEvent<HTMLButtonElement>) => {
    if (off) event.preventDefault();
    else onClick?.(event);
  };
  const button = (
    <button
      {...other}
      type={type}
      // Not `disabled`: it must stay reachable, so that everybody can learn why.
      aria-disabled={off || undefined}
      aria-busy={busy || undefined}
      className={[styles['button'], styles[tone], size === 'small' ? styles['small'] : '', children ? '' : styles['icon'], className].join(
        ' ',
      )}
      onClick={act}
    >
      {busy ? <LoaderCircle className={styles['spin']} aria-hidden /> : icon}
      {children}
    </button>
  );
  return reason === null ? button : <Tooltip text={reason}>{button}</Tooltip>;
}

/** A button that is only a picture; its label is read out and shown on hover. */
export function IconButton({ label, icon, ...rest }: Omit<ButtonProps, 'children' | 'icon'> & { label: string; icon: ReactNode }) {
  return (
    <Tooltip text={label}>
      <Button tone="ghost" {...rest} icon={icon} aria-label={label} />
    </Tooltip>
  );
}

/** Classes of a link that looks like a button. */
export function buttonClass(tone: 'plain' | 'primary' | 'ghost' = 'plain', size: 'normal' | 'small' = 'normal'): string {
  return [styles['button'], styles[tone], size === 'small' ? styles['small'] : ''].join(' ');
}
