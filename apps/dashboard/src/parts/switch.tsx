/** On or off, at once; the label says what is on, not what a click does. */
import { LoaderCircle } from 'lucide-react';
import { Switch as Radix } from 'radix-ui';
import { type ReactNode, useId } from 'react';
import { type Role, useMay } from '../api/session.ts';
import { defineTexts } from '../i18n/texts.ts';
import styles from './switch.module.css';

const useTexts = defineTexts({
  en: { needs: (role: Role) => `This takes the role ${role}.` },
  cs: { needs: (role: Role) => `K tomu je potřeba role ${role}.` },
});

export interface SwitchProps {
  label: ReactNode;
  checked: boolean;
  onChecked: (checked: boolean) => void;
  /** A sentence under the label. */
  help?: ReactNode;
  needs?: Role;
  /** Why it cannot be changed now. */
  disabledReason?: string | null;
  busy?: boolean;
  /** Only for screen readers, where the place itself names it. */
  hideLabel?: boolean;
}

export function Switch({
  label,
  checked,
  onChecked,
  help,
  needs = 'viewer',
  disabledReason = null,
  busy = false,
  hideLabel = false,
}: SwitchProps) {
  const t = useTexts();
  const id = useId();
  const may = useMay(needs);
  const reason = needs !== 'viewer' && !may ? t.needs(needs) : disabledReason;
  const said = reason ?? help;
  return (
    <div className={styles['switch']}>
      <Radix.Root
        id={id}
        className={styles['track']}
        checked={checked}
        // Not `disabled`: it must stay reachable, so that everybody can learn why.
        aria-disabled={reason !== null || busy || undefined}
        aria-busy={busy || undefined}
        aria-describedby={said ? `${id}-said` : undefined}
        onCheckedChange={(next) => {
          if (reason === null && !busy) onChecked(next);
        }}
      >
        <Radix.Thumb className={styles['thumb']}>{busy ? <LoaderCircle className={styles['spin']} aria-hidden /> : null}</Radix.Thumb>
      </Radix.Root>
      <div>
        <label htmlFor={id} className={hideLabel ? 'visually-hidden' : undefined}>
          {label}
        </label>
        {said ? (
          <div id={`${id}-said`} className={hideLabel ? 'visually-hidden' : styles['said']}>
            {said}
          </div>
        ) : null}
      </div>
    </div>
  );
}
