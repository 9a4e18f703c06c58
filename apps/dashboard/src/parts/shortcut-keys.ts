/** Which shortcut a pressed key means: single keys (`j`, `?`, `Escape`), keys with Ctrl/Cmd (`mod+k`), and sequences (`g m`). */

/** The part of a KeyboardEvent that matters. */
export interface PressedKey {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
  shiftKey: boolean;
}

/** After this long the beginning of a sequence is forgotten. */
export const SEQUENCE_MS = 1_000;

const MODIFIERS = new Set(['Control', 'Meta', 'Alt', 'AltGraph', 'Shift', 'CapsLock', 'Dead', 'Unidentified']);

/**
 * The name of a pressed key as shortcuts write it. Shift is part of a character (`?`, `G`), and is named with the others (`shift+Enter`).
 * @returns null for a modifier alone
 */
export function keyName({ key, ctrlKey, metaKey, altKey, shiftKey }: PressedKey): string | null {
  if (MODIFIERS.has(key)) return null;
  const character = [...key].length === 1;
  const named = key === ' ' ? 'Space' : character && (ctrlKey || metaKey) ? key.toLowerCase() : key;
  // On several layouts Alt (AltGr) with Ctrl only writes a character, such as @ or [.
  const mod = (ctrlKey || metaKey) && !(altKey && character);
  const alt = altKey && !character;
  return `${mod ? 'mod+' : ''}${alt ? 'alt+' : ''}${shiftKey && (!character || mod) ? 'shift+' : ''}${named}`;
}

/**
 * What a key means after what was pressed before.
 * @param before the beginning of a sequence, or ''
 * @param known all shortcuts there are
 * @returns the shortcut that is complete, or what waits for its next key
 */
export function matchKeys(before: string, key: string, known: Iterable<string>): { match: string | null; waiting: string } {
  const all = [...known];
  for (const pressed of before === '' ? [key] : [`${before} ${key}`, key]) {
    if (all.includes(pressed)) return { match: pressed, waiting: '' };
    if (all.some((one) => one.startsWith(`${pressed} `))) return { match: null, waiting: pressed };
  }
  return { match: null, waiting: '' };
}

/** The keys of a shortcut one by one, for showing: `mod+k` is one, `g m` two. */
export function keysOf(shortcut: string): string[] {
  return shortcut.split(' ');
}
