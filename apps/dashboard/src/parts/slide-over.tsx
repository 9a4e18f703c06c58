/** The detail of what was chosen in a list, at its right side. Not modal: the list stays usable. Under 900 px it is the page. */
import { X } from 'lucide-react';
import { type KeyboardEvent, type PointerEvent, type ReactNode, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { defineTexts } from '../i18n/texts.ts';
import { IconButton } from './button.tsx';
import { lastInput } from './last-input.ts';
import { PANEL_MIN, panelKey, panelMax, panelWidth } from './panel-width.ts';
import styles from './slide-over.module.css';
import { readStored, writeStored } from './stored.ts';
import { useMedia } from './use-media.ts';
import { useShortcuts } from './use-shortcuts.ts';

const useTexts = defineTexts({
  en: { close: 'Close', closes: 'Close the detail', width: 'Width of the detail' },
  cs: { close: 'Zavřít', closes: 'Zavřít detail', width: 'Šířka detailu' },
});

const STORED = 'panel-width';
const WIDTH = 560;

export interface SlideOverProps {
  /** What is shown, for screen readers and, without `heading`, for all. */
  label: string;
  onClose: () => void;
  children: ReactNode;
  /** In place of the label at the top. */
  heading?: ReactNode;
  /** Buttons beside the heading. */
  actions?: ReactNode;
  /** The key of what is shown: another one opened by keyboard takes the focus too. */
  of?: string;
}

export function SlideOver({ label, onClose, children, heading, actions, of }: SlideOverProps) {
  const t = useTexts();
  const panel = useRef<HTMLElement>(null);
  const narrow = useMedia('(max-width: 899px)');
  useFocusIn(panel, narrow, of);
  useShortcuts([{ keys: 'Escape', description: t.closes, run: onClose, first: true }]);
  useEffect(() => {
    const before = document.title;
    document.title = `${label} · Nave`;
    return () => {
      document.title = before;
    };
  }, [label]);
  const [wanted, setWanted] = useState(() => Number(readStored(STORED) ?? WIDTH));
  const [room, setRoom] = useState(() => window.innerWidth);
  useEffect(() => {
    const parent = panel.current?.parentElement;
    if (!parent) return;
    const observer = new ResizeObserver(() => setRoom(parent.clientWidth));
    observer.observe(parent);
    return () => observer.disconnect();
  }, []);
  const width = panelWidth(wanted, room);
  return (
    <section ref={panel} className={styles['panel']} aria-label={label} tabIndex={-1} style={narrow ? {} : { width }}>
      {narrow ? null : (
        <Edge
          label={t.width}
          width={width}
          room={room}
          onWidth={(next) => {
            setWanted(next);
            writeStored(STORED, next);
          }}
        />
      )}
      <header className={styles['head']}>
        <div className={styles['heading']}>{heading ?? <h2>{label}</h2>}</div>
        {actions === undefined ? null : <div className={styles['actions']}>{actions}</div>}
        <IconButton label={t.close} icon={<X />} onClick={onClose} />
      </header>
      <div className={styles['body']}>{children}</div>
    </section>
  );
}

/** The edge that is dragged, or moved by the arrow keys. */
function Edge({ label, width, room, onWidth }: { label: string; width: number; room: number; onWidth: (width: number) => void }) {
  const drag = (event: PointerEvent<HTMLDivElement>) => {
    if (!event.currentTarget.hasPointerCapture(event.pointerId)) return;
    const right = event.currentTarget.parentElement?.getBoundingClientRect().right ?? window.innerWidth;
    onWidth(panelWidth(right - event.clientX, room));
  };
  const key = (event: KeyboardEvent<HTMLDivElement>) => {
    const next = panelKey(event.key, width, room);
    if (next === null) return;
    event.preventDefault();
    onWidth(next);
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: an hr cannot be moved
    <div
      className={styles['edge']}
      role="separator"
      aria-orientation="vertical"
      aria-label={label}
      aria-valuenow={width}
      aria-valuemin={PANEL_MIN}
      aria-valuemax={panelMax(room)}
      tabIndex={0}
      onKeyDown={key}
      onPointerDown={(event) => {
        event.preventDefault();
        event.currentTarget.setPointerCapture(event.pointerId);
      }}
      onPointerMove={drag}
    />
  );
}

/** Takes the focus when opened by keyboard (or over the list), and gives it back to where it was. */
function useFocusIn(panel: { readonly current: HTMLElement | null }, narrow: boolean, of: string | undefined): void {
  const before = useRef<Element | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: only opening moves the focus, a narrower window does not
  useEffect(() => {
    const element = panel.current;
    if (element === null || element.contains(document.activeElement)) return;
    if (lastInput() === 'pointer' && !narrow) return;
    before.current = document.activeElement;
    element.focus({ preventScroll: true });
  }, [of]);
  useLayoutEffect(() => {
    const element = panel.current;
    return () => {
      const inside = element?.contains(document.activeElement) === true;
      const back = before.current;
      // When it is gone: until then the list may be hidden beneath it.
      requestAnimationFrame(() => {
        if (inside && element?.isConnected === false && back instanceof HTMLElement) back.focus({ preventScroll: true });
      });
    };
  }, [panel]);
}
