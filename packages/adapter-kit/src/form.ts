/** Forms (`application/x-www-form-urlencoded`, WHATWG URL standard) as plain data and back. */
import { exactNumberText } from './exact-json.ts';
import { isJsonObject } from './schema-shape.ts';

const FIELDS_MAX = 10_000;

export type FormResult = { ok: true; data: Record<string, string | string[]> } | { ok: false; reason: string };

/** Reads a form: fields by name, a repeated name as a list in order. */
export function parseForm(text: string): FormResult {
  const fields = new Map<string, string | string[]>();
  let count = 0;
  for (const [name, value] of new URLSearchParams(text)) {
    if (++count > FIELDS_MAX) return { ok: false, reason: `a form with more than ${FIELDS_MAX} fields` };
    const earlier = fields.get(name);
    if (earlier === undefined) fields.set(name, value);
    else if (typeof earlier === 'string') fields.set(name, [earlier, value]);
    else earlier.push(value);
  }
  // Object.fromEntries defines own properties, so a field called __proto__ is only a field.
  return { ok: true, data: Object.fromEntries(fields) };
}

/** Writes an object as a form: lists of plain values repeat the name, nested values are named `a[b]` and `a[0][b]`, null and undefined are left out. */
export function stringifyForm(data: unknown): string {
  const form = new URLSearchParams();
  if (isJsonObject(data)) for (const [name, value] of Object.entries(data)) append(form, name, value);
  return form.toString();
}

function append(form: URLSearchParams, name: string, value: unknown): void {
  if (value === null || value === undefined) return;
  const exact = exactNumberText(value);
  if (exact !== null) form.append(name, exact);
  else if (Array.isArray(value)) {
    for (const [index, item] of value.entries())
      append(form, typeof item === 'object' && exactNumberText(item) === null ? `${name}[${index}]` : name, item);
  } else if (isJsonObject(value)) {
    for (const [key, each] of Object.entries(value)) append(form, `${name}[${key}]`, each);
  } else form.append(name, String(value));
}
