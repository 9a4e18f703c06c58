/** Shortcuts of a page, and the list of all that hold at the moment, for the help that `?` shows. */
import { useEffect, useEffectEvent, useMemo, useSyncExternalStore } from 'react';
import { keyName, matchKeys, SEQUENCE_MS } from './shortcut-keys.ts';

export interface Shortcut {
  /** `j`, `g m` one after the other, `mod+k` with Ctrl or Cmd, `Escape`. */
  keys: string;
  /** Without it the shortcut is only listed: the part that has the focus hears it by itself. */
  run?: (event: KeyboardEvent) => void;
  /** Listed by the help; without it the shortcut is not shown. */
  description?: string;
  /** Also while somebody types or a dialog is open. */
  always?: boolean;
  /** Goes before others with the same keys: what a page has before what the app has. */
  first?: boolean;
}

export interface ShortcutHelp {
  keys: string;
  description: string;
}

const TYPING = 'textarea, select, [contenteditable]:not([contenteditable="false"]), .cm-editor';
const TYPED = new Set(['text', 'search', 'number', 'password', 'email', 'url', 'tel', 'date', 'time', 'datetime-local', 'month', 'week']);
const OVER = '[role="dialog"], [role="alertdialog"], [role="menu"], [role="listbox"]';

const registered = new Set<Shortcut>();
const listeners = new Set<() => void>();
let help: readonly ShortcutHelp[] = [];
let waiting = '';
let waitingSinceMs = 0;

/**
 * Registers shortcuts while the component is shown. They rest while somebody types, and while the focus is in a dialog or a menu
 * (except `always`). Of several for the same keys the last one shown runs, `first` ones before the others.
 * @example useShortcuts([{ keys: 'g m', description: t.goToMessages, run: () => navigate({ to: '/messages' }) }]);
 */
export function useShortcuts(shortcuts: readonly Shortcut[]): void {
  const run = useEffectEvent((keys: string, event: KeyboardEvent) => shortcuts.find((one) => one.keys === keys)?.run?.(event));
  // Registered anew only when what they are changes, not with every function: so the order stays that of showing.
  const key = JSON.stringify(shortcuts);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key stands for them
  const told = useMemo(() => ({ key, shortcuts }), [key]);
  useEffect(() => {
    const mine = told.shortcuts.map((one) =>
      one.run === undefined ? one : { ...one, run: (event: KeyboardEvent) => run(one.keys, event) },
    );
    for (const one of mine) registered.add(one);
    changed();
    return () => {
      for (const one of mine) registered.delete(one);
      changed();
    };
  }, [told]);
}

/** All shortcuts that hold now and have a description, those of the page first. */
export function useRegisteredShortcuts(): readonly ShortcutHelp[] {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => help,
  );
}

/** Whether keys pressed here are text, so that they must not be taken for shortcuts. */
export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof Element)) return false;
  if (target instanceof HTMLInputElement) return TYPED.has(target.type);
  return target.closest(TYPING) !== null;
}

function changed(): void {
  const shown = new Map<string, ShortcutHelp>();
  for (const { keys, description = '' } of ordered()) {
    if (description !== '' && !shown.has(keys)) shown.set(keys, { keys, description });
  }
  help = [...shown.values()];
  if (registered.size === 0) window.removeEventListener('keydown', pressed);
  else window.addEventListener('keydown', pressed);
  for (const listener of listeners) listener();
}

function ordered(): Shortcut[] {
  const all = [...registered].reverse();
  return [...all.filter(({ first = false }) => first), ...all.filter(({ first = false }) => !first)];
}

function pressed(event: KeyboardEvent): void {
  const key = keyName(event);
  if (key === null || event.defaultPrevented || event.isComposing) return;
  const resting = isTyping(event.target) || (event.target instanceof Element && event.target.closest(OVER) !== null);
  const all = ordered().filter(({ always = false, run }) => run !== undefined && (always || !resting));
  const before = event.timeStamp - waitingSinceMs < SEQUENCE_MS ? waiting : '';
  const found = matchKeys(
    before,
    key,
    all.map(({ keys }) => keys),
  );
  waiting = found.waiting;
  waitingSinceMs = event.timeStamp;
  if (found.match === null) return;
  event.preventDefault();
  all.find(({ keys }) => keys === found.match)?.run?.(event);
}
