/** Makes an entry be as described, whether it exists or not: found by name or by unique attributes. */
import {
  allOf,
  buffersOf,
  type Directory,
  defineLdapOperation,
  equal,
  failed,
  isAttributeName,
  isSecretAttribute,
  LDAP,
  type LdapChange,
  type LdapEntry,
  type LdapResult,
  parseDn,
} from '@nave/protocols';
import { type Static, Type } from 'typebox';
import { AttributeMap, encodeAttributes } from './attribute-values.ts';
import { hasExactly } from './changes-hold.ts';
import { Dn, nameOf, wasRefused } from './names.ts';
import type { Scope } from './scope.ts';

const UpsertInput = Type.Object(
  {
    dn: Type.String({
      minLength: 3,
      maxLength: 4_000,
      description: 'Name of the entry; with `match`, the name it gets when it has to be created',
    }),
    match: Type.Optional(
      Type.Record(Type.String({ minLength: 1, maxLength: 200 }), Type.String({ minLength: 1, maxLength: 10_000 }), {
        ...{ minProperties: 1, maxProperties: 10 },
        description: 'Attributes and values that only this entry has: it is found by them wherever it is',
      }),
    ),
    base: Type.Optional(Dn),
    attributes: AttributeMap,
    onCreate: Type.Optional({ ...AttributeMap, description: 'Attributes that are only given to a new entry' }),
  },
  { additionalProperties: false },
);
type UpsertInput = Static<typeof UpsertInput>;
type Encoded = readonly { name: string; values: Buffer[] }[];

export const upsert = defineLdapOperation(
  {
    name: 'upsert',
    title: 'Create or update an entry',
    summary: 'By name, or by attributes that are unique',
    input: UpsertInput,
    idempotent: 'always',
  },
  async (input, { directory, settings }: Scope) => {
    const name = nameOf(input.dn, 'dn');
    const base = nameOf(input.base ?? settings.baseDn ?? input.dn, 'base');
    if (!name.ok) return name;
    if (!base.ok) return base;
    const attributes = encodeAttributes(input.attributes);
    const onCreate = encodeAttributes(input.onCreate ?? {});
    if (!attributes.ok) return attributes;
    if (!onCreate.ok) return onCreate;
    const find = () => findEntry(directory, name.value, base.value, input, attributes.value);
    const found = await find();
    if (!found.ok) return found;
    if (found.value !== null) return update(directory, found.value, attributes.value);
    const given = new Set(attributes.value.map((each) => each.name.toLowerCase()));
    const all = [...attributes.value, ...onCreate.value.filter((each) => !given.has(each.name.toLowerCase()))];
    const added = await directory.add(
      name.value,
      all.filter(({ values }) => values.length > 0),
    );
    if (added.ok) return { ok: true, value: { dn: name.value, created: true, changed: all.map((each) => each.name) } };
    if (!wasRefused(added, LDAP.entryAlreadyExists)) return added;
    // Somebody was faster; or the name belongs to an entry that `match` does not find, which stays as it is.
    const again = await find();
    if (!again.ok) return again;
    return again.value === null ? added : update(directory, again.value, attributes.value);
  },
);

async function findEntry(
  directory: Directory,
  dn: string,
  base: string,
  { match }: UpsertInput,
  attributes: Encoded,
): Promise<LdapResult<LdapEntry | null>> {
  const wanted = attributes.map(({ name }) => name);
  if (match === undefined) return directory.read(dn, wanted.length === 0 ? ['1.1'] : wanted);
  if (Object.keys(match).some((name) => !isAttributeName(name))) return failed('invalid', '/match holds a name that no attribute can have');
  const filter = allOf(...Object.entries(match).map(([name, value]) => equal(name, value)));
  const found = await directory.search({ base, scope: 'sub', filter, attributes: wanted.length === 0 ? ['1.1'] : wanted, limit: 2 });
  if (!found.ok) return found;
  const [first, second] = found.value.entries;
  if (second !== undefined) return failed('invalid', '/match fits more than one entry');
  return { ok: true, value: first ?? null };
}

async function update(directory: Directory, entry: LdapEntry, attributes: Encoded): Promise<LdapResult<unknown>> {
  const naming = new Set((parseDn(entry.dn)?.[0] ?? []).map(({ attribute }) => attribute.toLowerCase()));
  const changes: LdapChange[] = attributes
    // A name is changed by `rename`; passwords cannot be read, so they are always set.
    .filter(({ name }) => !naming.has(name.toLowerCase()))
    .filter(({ name, values }) => isSecretAttribute(name) || !hasExactly(buffersOf(entry, name), values))
    .map(({ name, values }) => ({ operation: 'replace', attribute: name, values }));
  const changed = changes.map(({ attribute }) => attribute);
  if (changes.length === 0) return { ok: true, value: { dn: entry.dn, created: false, changed } };
  const modified = await directory.modify(entry.dn, changes);
  return modified.ok ? { ok: true, value: { dn: entry.dn, created: false, changed } } : modified;
}
