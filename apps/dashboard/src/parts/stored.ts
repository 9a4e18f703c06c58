/** What this browser remembers of how a person likes things, such as columns and widths; never anything that came from messages. */

/** @returns what was kept, unchecked; undefined when nothing readable is there */
export function readStored(key: string): unknown {
  try {
    const text = localStorage.getItem(`nave.${key}`);
    return text === null ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A browser that keeps nothing is fine: the choice then holds for this page. */
export function writeStored(key: string, value: unknown): void {
  try {
    localStorage.setItem(`nave.${key}`, JSON.stringify(value));
  } catch {
    // Private windows and full stores.
  }
}
