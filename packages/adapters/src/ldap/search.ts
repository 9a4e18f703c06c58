/** Finds entries, page by page, never more than asked for. */
import { defineLdapOperation, entryJson, failed, fillFilter, type LdapFilter, type LdapResult, parseFilter } from '@nave/protocols';
import { Type } from 'typebox';
import { AttributeNames, Dn, nameOf } from './names.ts';
import type { Scope } from './scope.ts';

const LIMIT = 1_000;

export const search = defineLdapOperation(
  {
    ...{ name: 'search', title: 'Search', summary: 'Entries that fit a filter, with the attributes asked for', idempotent: 'always' },
    input: Type.Object(
      {
        base: Type.Optional(Dn),
        scope: Type.Optional(Type.Union([Type.Literal('base'), Type.Literal('one'), Type.Literal('sub')])),
        filter: Type.String({
          minLength: 1,
          maxLength: 10_000,
          description: 'RFC 4515; {name} is replaced by a value, escaped. Values of messages belong there',
        }),
        values: Type.Optional(Type.Record(Type.String({ maxLength: 100 }), Type.String({ maxLength: 10_000 }))),
        attributes: Type.Optional(AttributeNames),
        binary: Type.Optional(AttributeNames),
        limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 10_000 })),
        pageSize: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000 })),
      },
      { additionalProperties: false },
    ),
  },
  async (
    { filter: text, values = {}, attributes = [], binary = [], limit = LIMIT, pageSize = 500, scope = 'sub', ...input },
    { directory, settings }: Scope,
  ) => {
    const start = input.base ?? settings.baseDn;
    if (start === undefined) return failed('invalid', '/base is required: the spoke has no baseDn');
    const base = nameOf(start, 'base');
    const filter = filterOf(text, values);
    if (!base.ok) return base;
    if (!filter.ok) return filter;
    const found = await directory.search({ base: base.value, scope, filter: filter.value, attributes, limit, pageSize });
    if (!found.ok) return found;
    const { entries, truncated } = found.value;
    return { ok: true, value: { entries: entries.map((entry) => entryJson(entry, binary)), truncated } };
  },
);

function filterOf(text: string, values: Readonly<Record<string, string>>): LdapResult<LdapFilter> {
  const filled = fillFilter(text, (name) => (Object.hasOwn(values, name) ? values[name] : undefined));
  if (filled === null) return failed('invalid', '/filter asks for a value that /values does not have');
  const parsed = parseFilter(filled);
  return parsed.ok ? { ok: true, value: parsed.filter } : failed('invalid', `/filter cannot be read: ${parsed.reason}`);
}
