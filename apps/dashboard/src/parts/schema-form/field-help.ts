/** What stands below a field: what the schema says about it, its default, its range. */
import type { useFormTexts } from './schema-form-texts.ts';
import { type JsonObject, numberOf, textOf } from './schema-shape.ts';

const DURATION = '(ms|s|m|h|d)$';

export function helpOf(schema: JsonObject, t: ReturnType<typeof useFormTexts>): string | null {
  const parts = [textOf(schema, 'description')];
  if (textOf(schema, 'pattern')?.endsWith(DURATION) === true && !/duration/i.test(parts[0] ?? '')) parts.push(t.duration);
  const { default: fallback } = schema;
  if (fallback !== undefined && fallback !== '' && typeof fallback !== 'object' && typeof fallback !== 'boolean')
    parts.push(t.defaultIs(String(fallback)));
  const [low, high] = [numberOf(schema, 'minimum'), numberOf(schema, 'maximum')];
  if (low !== null || high !== null) parts.push(t.range(low === null ? null : String(low), high === null ? null : String(high)));
  const said = parts.filter((part) => part !== null).map((part) => (/[.:!?…]$/.test(part) ? part : `${part}.`));
  return said.length === 0 ? null : said.join(' ');
}

/** Something to write, in grey. */
export function placeholderOf(schema: JsonObject): string {
  const { examples, default: fallback } = schema;
  if (Array.isArray(examples) && typeof examples[0] === 'string') return examples[0];
  return typeof fallback === 'string' || typeof fallback === 'number' ? String(fallback) : '';
}

/** The value of a switch that is not set: from `default`, or said in the description. */
export function booleanDefault(schema: JsonObject): boolean | null {
  const { default: fallback } = schema;
  if (typeof fallback === 'boolean') return fallback;
  const said = /\bdefault(?::| is)? (true|false)\b/i.exec(textOf(schema, 'description') ?? '')?.[1];
  return said === undefined ? null : said.toLowerCase() === 'true';
}
