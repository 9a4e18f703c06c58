/** Short notices after something was done, with a way back where there is one. */
import { X } from 'lucide-react';
import { useSyncExternalStore } from 'react';
import { defineTexts } from '../i18n/texts.ts';
import { Button, IconButton } from './button.tsx';
import styles from './toasts.module.css';

interface Toast {
  id: number;
  text: string;
  tone: 'plain' | 'error';
  action: { label: string; run: () => void } | null;
}

const SHOWN_MS = 6_000;
const SHOWN_MAX = 4;
const listeners = new Set<() => void>();
let toasts: readonly Toast[] = [];
let count = 0;

const useTexts = defineTexts({ en: { close: 'Close', notices: 'Notices' }, cs: { close: 'Zavřít', notices: 'Oznámení' } });

/** @param options.action a way back, or on: `Undo`, `Show` */
export function toast(text: string, options: { tone?: Toast['tone']; action?: { label: string; run: () => void } } = {}): void {
  const id = count++;
  change([...toasts, { id, text, tone: options.tone ?? 'plain', action: options.action ?? null }].slice(-SHOWN_MAX));
  window.setTimeout(() => dismiss(id), options.tone === 'error' || options.action ? SHOWN_MS * 2 : SHOWN_MS);
}

export function Toasts() {
  const t = useTexts();
  const shown = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => toasts,
  );
  return (
    <section className={styles['toasts']} aria-live="polite" aria-label={t.notices}>
      {shown.map(({ id, text, tone, action }) => (
        <div key={id} className={styles['toast']} data-tone={tone}>
          <span>{text}</span>
          {action === null ? null : (
            <Button
              size="small"
              onClick={() => {
                dismiss(id);
                action.run();
              }}
            >
              {action.label}
            </Button>
          )}
          <IconButton label={t.close} icon={<X />} size="small" onClick={() => dismiss(id)} />
        </div>
      ))}
    </section>
  );
}

function dismiss(id: number): void {
  change(toasts.filter((one) => one.id !== id));
}

function change(next: readonly Toast[]): void {
  toasts = next;
  for (const listener of listeners) listener();
}
