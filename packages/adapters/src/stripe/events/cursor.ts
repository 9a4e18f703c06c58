/** How far the events of an account were fetched. Times are Stripe's own, in seconds; this machine's clock has no part in it (test clocks). */
import { isJsonObject } from '@nave/adapter-kit';

/**
 * Stripe lists events newest first and has no way to begin with the oldest. More than one page is therefore walked to its old end first (`seek`), and then fetched
 * from there upwards (`climb`), so that events come in the order in which they happened and no more than a page is held.
 */
export interface EventsCursor {
  /** Events created at or after; null: all. */
  since: number | null;
  /** Never looks before this, whatever the overlap: where the very first turn stood. */
  floor: number | null;
  /** Events of the second `floor` that were there before. */
  skip: readonly string[];
  phase:
    | { name: 'idle' }
    /** `after`: last event of the page before; `back`: where that page began. `oldest`: the next page is taken for the last one. */
    | { name: 'seek'; after: string | null; back: string | null; oldest: boolean }
    | { name: 'climb'; above: string; newest: number };
}

const ID = /^[A-Za-z0-9_]{1,255}$/;
const SKIP_MAX = 100;

/** @returns null when it is none of ours */
export function readCursor(text: string): EventsCursor | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  if (!isJsonObject(value) || value['v'] !== 1) return null;
  const phase = phaseOf(value['phase']);
  if (phase === null) return null;
  const skip = Array.isArray(value['skip']) ? value['skip'].flatMap((id) => idOf(id) ?? []).slice(0, SKIP_MAX) : [];
  return { since: secondsOf(value['since']), floor: secondsOf(value['floor']), skip, phase };
}

export function writeCursor(cursor: EventsCursor): string {
  return JSON.stringify({ v: 1, ...cursor });
}

function phaseOf(value: unknown): EventsCursor['phase'] | null {
  if (!isJsonObject(value)) return null;
  if (value['name'] === 'idle') return { name: 'idle' };
  if (value['name'] === 'seek')
    return { name: 'seek', after: idOf(value['after']), back: idOf(value['back']), oldest: value['oldest'] === true };
  const above = idOf(value['above']);
  return value['name'] === 'climb' && above !== null ? { name: 'climb', above, newest: secondsOf(value['newest']) ?? 0 } : null;
}

function idOf(value: unknown): string | null {
  return typeof value === 'string' && ID.test(value) ? value : null;
}

function secondsOf(value: unknown): number | null {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : null;
}
