/** Stripe's form encoding: nested objects and lists as `a[b][0]`, null as empty text, which unsets a field (docs.stripe.com/api, "Request bodies"). */
import { exactNumberText } from '@nave/adapter-kit';

const FIELDS_MAX = 5_000;
const DEPTH_MAX = 12;

export type FormText = { ok: true; text: string } | { ok: false; reason: string };

/** @param fields plain JSON */
export function formText(fields: Readonly<Record<string, unknown>>): FormText {
  const form = new URLSearchParams();
  try {
    for (const [name, value] of Object.entries(fields)) append(form, name, value, 0);
  } catch (error) {
    if (error instanceof TooMuch) return { ok: false, reason: error.message };
    throw error;
  }
  return { ok: true, text: form.toString() };
}

class TooMuch extends Error {}

function append(form: URLSearchParams, name: string, value: unknown, depth: number): void {
  if (depth > DEPTH_MAX) throw new TooMuch(`the input is nested deeper than ${DEPTH_MAX} levels`);
  if (value === undefined) return;
  const exact = exactNumberText(value);
  if (exact === null && typeof value === 'object' && value !== null) {
    const entries = Array.isArray(value) ? value.entries() : Object.entries(value);
    let empty = true;
    for (const [key, each] of entries) {
      empty = false;
      append(form, `${name}[${key}]`, each, depth + 1);
    }
    // An empty list or object unsets what is there.
    if (empty) form.append(name, '');
  } else form.append(name, exact ?? (value === null ? '' : String(value)));
  if (form.size > FIELDS_MAX) throw new TooMuch(`the input has more than ${FIELDS_MAX} fields`);
}
