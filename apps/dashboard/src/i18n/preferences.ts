/** What a person chose for this browser: language, time zone, light or dark. Kept in local storage, shared by all tabs. */
import { useSyncExternalStore } from 'react';

export const LANGUAGES = ['en', 'cs'] as const;
export type Language = (typeof LANGUAGES)[number];
export const THEMES = ['system', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

export interface Preferences {
  language: Language;
  theme: Theme;
  /** IANA name; null: the browser's. */
  timeZone: string | null;
}

const KEY = 'nave.preferences';
const listeners = new Set<() => void>();
let current = read();
show(current);

export function usePreferences(): Preferences {
  return useSyncExternalStore(subscribe, () => current);
}

export function setPreferences(changes: Partial<Preferences>): void {
  current = { ...current, ...changes };
  try {
    localStorage.setItem(KEY, JSON.stringify(current));
  } catch {
    // A browser that keeps nothing: the choice holds for this page.
  }
  show(current);
  for (const listener of listeners) listener();
}

/** The zone times are shown in. */
export function timeZoneOf({ timeZone }: Preferences): string {
  return timeZone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
}

export function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

function subscribe(listener: () => void): () => void {
  const changed = (event: StorageEvent) => {
    if (event.key !== KEY) return;
    current = read();
    show(current);
    listener();
  };
  listeners.add(listener);
  window.addEventListener('storage', changed);
  return () => {
    listeners.delete(listener);
    window.removeEventListener('storage', changed);
  };
}

function read(): Preferences {
  const kept = new Map<string, unknown>(Object.entries(parsed()));
  const own = navigator.languages.map((tag) => tag.slice(0, 2)).find((tag) => tag === 'cs' || tag === 'en');
  const zone = kept.get('timeZone');
  return {
    language: LANGUAGES.find((one) => one === kept.get('language')) ?? (own === 'cs' ? 'cs' : 'en'),
    theme: THEMES.find((one) => one === kept.get('theme')) ?? 'system',
    timeZone: typeof zone === 'string' && isTimeZone(zone) ? zone : null,
  };
}

function parsed(): object {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(KEY) ?? '{}');
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {};
  }
}

function show({ language, theme }: Preferences): void {
  const root = document.documentElement;
  root.lang = language;
  if (theme === 'system') delete root.dataset['theme'];
  else root.dataset['theme'] = theme;
}
