/** From the fields of an input to the attributes of an account, as the table of the spoke says. */
import { failed, type LdapResult } from '@nave/protocols';
import { type ActiveDirectoryConfig, type AttributeMapping, DEFAULT_ATTRIBUTES } from './config.ts';
import { fileTimeOfDate, NEVER_EXPIRES } from './file-time.ts';

export interface MappedAttribute {
  attribute: string;
  /** Null removes it. */
  value: string | null;
}

const VALUE_LENGTH_MAX = 4_000;

/** Only fields that are there are mapped: what is not said stays as it is. */
export function mapAttributes(config: ActiveDirectoryConfig, input: unknown): LdapResult<MappedAttribute[]> {
  const mapped: MappedAttribute[] = [];
  for (const mapping of config.attributes ?? DEFAULT_ATTRIBUTES) {
    const given = fieldOf(input, mapping.from);
    if (given === undefined) continue;
    const value = valueFor(mapping, given);
    if (!value.ok) return value;
    mapped.push({ attribute: mapping.to, value: value.value });
  }
  return { ok: true, value: mapped };
}

/** A field, also a nested one; undefined where there is none. */
export function fieldOf(input: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>(
      (at, name) => (typeof at === 'object' && at !== null && Object.hasOwn(at, name) ? Reflect.get(at, name) : undefined),
      input,
    );
}

function valueFor({ from, transform }: AttributeMapping, given: unknown): LdapResult<string | null> {
  if (given !== null && typeof given !== 'string' && typeof given !== 'number' && typeof given !== 'boolean')
    return failed('invalid', `/${from} is not text`);
  const text = given === null ? '' : String(given).trim();
  if (text.length > VALUE_LENGTH_MAX || text.includes('\0')) return failed('invalid', `/${from} is too long, or no text`);
  if (transform === 'expiry') {
    const ticks = text === '' ? NEVER_EXPIRES : fileTimeOfDate(text);
    return ticks === null ? failed('invalid', `/${from} is not a date`) : { ok: true, value: ticks };
  }
  if (text === '') return { ok: true, value: null };
  if (transform === 'lower') return { ok: true, value: text.toLowerCase() };
  return { ok: true, value: transform === 'upper' ? text.toUpperCase() : text };
}
