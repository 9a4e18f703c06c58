/** Values of attributes as inputs carry them, and as the directory takes them. */
import { failed, isAttributeName, type LdapResult } from '@nave/protocols';
import { type Static, Type } from 'typebox';

const Single = Type.Union([
  Type.String({ maxLength: 1_000_000 }),
  Type.Number(),
  Type.Boolean(),
  Type.Object({ base64: Type.String({ maxLength: 8_000_000, pattern: '^[A-Za-z0-9+/]*={0,2}$' }) }, { additionalProperties: false }),
]);

export const AttributeValues = Type.Union([Single, Type.Array(Single, { maxItems: 5_000 }), Type.Null()], {
  description: 'Text, number, true or false, { base64 } for bytes, or a list of them; null or an empty list removes the attribute',
});
export type AttributeValues = Static<typeof AttributeValues>;

export const AttributeMap = Type.Record(Type.String({ minLength: 1, maxLength: 200 }), AttributeValues, { maxProperties: 500 });
export type AttributeMap = Static<typeof AttributeMap>;

/** The values as bytes (RFC 4517 writes booleans in capitals). */
export function encodeValues(values: AttributeValues): Buffer[] {
  if (values === null) return [];
  return (Array.isArray(values) ? values : [values]).map(encodeValue);
}

/** The map as a list; refuses names that can be none. */
export function encodeAttributes(map: AttributeMap): LdapResult<{ name: string; values: Buffer[] }[]> {
  const wrong = Object.keys(map).findIndex((name) => !isAttributeName(name));
  if (wrong !== -1) return failed('invalid', '/attributes holds a name that no attribute can have');
  return { ok: true, value: Object.entries(map).map(([name, values]) => ({ name, values: encodeValues(values) })) };
}

function encodeValue(value: Static<typeof Single>): Buffer {
  if (typeof value === 'object') return Buffer.from(value.base64, 'base64');
  if (typeof value === 'boolean') return Buffer.from(value ? 'TRUE' : 'FALSE');
  return Buffer.from(String(value));
}
