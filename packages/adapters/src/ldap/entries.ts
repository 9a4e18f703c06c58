/** Operations on single entries: exists, read, add, modify, delete, compare. */
import { defineLdapOperation, entryJson, failed, isAttributeName, LDAP, type LdapOperation } from '@nave/protocols';
import { Type } from 'typebox';
import { AttributeMap, AttributeValues, encodeAttributes, encodeValues } from './attribute-values.ts';
import { changesHold } from './changes-hold.ts';
import type { LdapConfig } from './config.ts';
import { AttributeNames, Dn, nameOf, wasRefused } from './names.ts';
import type { Scope } from './scope.ts';

const closed = { additionalProperties: false };

const exists = defineLdapOperation(
  {
    ...{ name: 'exists', title: 'Find out whether an entry is there', summary: 'Its name, or null', idempotent: 'always' },
    // Takes the input of `add` as it is: that is what it is asked with.
    input: Type.Object({ dn: Dn }),
  },
  async ({ dn }, { directory }: Scope) => {
    const name = nameOf(dn, 'dn');
    if (!name.ok) return name;
    const found = await directory.read(name.value, ['1.1']);
    return found.ok ? { ok: true, value: found.value === null ? null : { dn: found.value.dn } } : found;
  },
);

const read = defineLdapOperation(
  {
    ...{
      name: 'read',
      title: 'Read an entry',
      summary: 'The entry with its attributes, or null where there is none',
      idempotent: 'always',
    },
    input: Type.Object({ dn: Dn, attributes: Type.Optional(AttributeNames), binary: Type.Optional(AttributeNames) }, closed),
  },
  async ({ dn, attributes = [], binary = [] }, { directory }: Scope) => {
    const name = nameOf(dn, 'dn');
    if (!name.ok) return name;
    const found = await directory.read(name.value, attributes);
    return found.ok ? { ok: true, value: found.value === null ? null : entryJson(found.value, binary) } : found;
  },
);

const add = defineLdapOperation(
  {
    ...{
      name: 'add',
      title: 'Add an entry',
      summary: 'Refused with 68 where the name is taken',
      idempotent: 'never',
      lookup: 'exists',
      undo: 'delete',
    },
    input: Type.Object({ dn: Dn, attributes: AttributeMap }, closed),
  },
  async ({ dn, attributes }, { directory }: Scope) => {
    const name = nameOf(dn, 'dn');
    if (!name.ok) return name;
    const encoded = encodeAttributes(attributes);
    if (!encoded.ok) return encoded;
    const added = await directory.add(
      name.value,
      encoded.value.filter(({ values }) => values.length > 0),
    );
    return added.ok ? { ok: true, value: { dn: name.value } } : added;
  },
);

const Change = Type.Object(
  {
    operation: Type.Union([Type.Literal('add'), Type.Literal('delete'), Type.Literal('replace')]),
    attribute: Type.String({ minLength: 1, maxLength: 200 }),
    values: Type.Optional(AttributeValues),
  },
  closed,
);

const modify = defineLdapOperation(
  {
    ...{
      name: 'modify',
      title: 'Change attributes of an entry',
      summary: 'All changes or none; what is already so is done',
      idempotent: 'always',
    },
    input: Type.Object({ dn: Dn, changes: Type.Array(Change, { minItems: 1, maxItems: 500 }) }, closed),
  },
  async (input, { directory }: Scope) => {
    const name = nameOf(input.dn, 'dn');
    if (!name.ok) return name;
    if (input.changes.some(({ attribute }) => !isAttributeName(attribute)))
      return failed('invalid', '/changes names something that no attribute can be called');
    const changes = input.changes.map(({ operation, attribute, values = null }) => ({
      operation,
      attribute,
      values: encodeValues(values),
    }));
    const modified = await directory.modify(name.value, changes);
    if (modified.ok) return { ok: true, value: { dn: name.value, changed: true } };
    if (!wasRefused(modified, LDAP.noSuchAttribute, LDAP.attributeOrValueExists)) return modified;
    // A repeated request meets its own work: adding what is there, deleting what is gone.
    const entry = await directory.read(name.value, [...new Set(changes.map(({ attribute }) => attribute))]);
    if (!entry.ok) return entry;
    return entry.value !== null && changesHold(entry.value, changes) ? { ok: true, value: { dn: name.value, changed: false } } : modified;
  },
);

const remove = defineLdapOperation(
  {
    ...{ name: 'delete', title: 'Delete an entry', summary: 'An entry that is not there counts as deleted', idempotent: 'always' },
    // Undo of `add`: further fields of its input are of no meaning here.
    input: Type.Object({ dn: Dn }),
  },
  async ({ dn }, { directory }: Scope) => {
    const name = nameOf(dn, 'dn');
    if (!name.ok) return name;
    const removed = await directory.remove(name.value);
    if (removed.ok || wasRefused(removed, LDAP.noSuchObject)) return { ok: true, value: { dn: name.value, deleted: removed.ok } };
    return removed;
  },
);

const compare = defineLdapOperation(
  {
    ...{
      name: 'compare',
      title: 'Compare a value',
      summary: 'Whether an entry has a value, also one that may not be read',
      idempotent: 'always',
    },
    input: Type.Object(
      { dn: Dn, attribute: Type.String({ minLength: 1, maxLength: 200 }), value: Type.String({ maxLength: 100_000 }) },
      closed,
    ),
  },
  async ({ dn, attribute, value }, { directory }: Scope) => {
    const name = nameOf(dn, 'dn');
    if (!name.ok) return name;
    if (!isAttributeName(attribute)) return failed('invalid', '/attribute is not the name of an attribute');
    const compared = await directory.compare(name.value, attribute, value);
    return compared.ok ? { ok: true, value: { matched: compared.value } } : compared;
  },
);

export const ENTRY_OPERATIONS: readonly LdapOperation<LdapConfig>[] = [exists, read, add, modify, remove, compare];
