/** The forms that every resource shares (contract section 3): names, ids, times, lists, problems. */
import { type Static, type TProperties, type TSchema, Type } from 'typebox';

/** An object that refuses unknown fields. */
export function closed<T extends TProperties>(properties: T, options: { description?: string; title?: string } = {}) {
  return Type.Object(properties, { ...options, additionalProperties: false });
}

export const NAME_PATTERN = '^[a-z0-9][a-z0-9._-]{0,62}$';
export const Name = Type.String({ pattern: NAME_PATTERN, description: 'Name of a spoke, route, step or kind' });

export const Duration = Type.String({
  pattern: '^(\\d{1,9})(ms|s|m|h|d)$',
  description: 'A duration such as 250ms, 10s, 5m, 1h, 7d',
  examples: ['30s'],
});

export const Timestamp = Type.String({ format: 'date-time', description: 'RFC 3339, UTC' });

export const Id = Type.String({
  pattern: '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$',
  description: 'UUIDv7, lower case',
});

/** A field that may be null. */
export function nullable<T extends TSchema>(schema: T) {
  return Type.Union([schema, Type.Null()]);
}

export const NameParams = closed({ name: Name });
export const IdParams = closed({ id: Id });

/** Query fields of every list; spread them into the list's own ones. */
export const LIST_QUERY = {
  limit: Type.Integer({ minimum: 1, maximum: 200, default: 50 }),
  cursor: Type.Optional(
    Type.String({ minLength: 1, maxLength: 2048, description: '`nextCursor` of the page before; bound to its filter' }),
  ),
};

export const ListQuery = closed(LIST_QUERY);
export type ListQuery = Static<typeof ListQuery>;

/** One page of a list, newest first. */
export function listOf<T extends TSchema>(item: T) {
  return closed({ items: Type.Array(item), nextCursor: nullable(Type.String()) });
}

/** An RFC 9457 problem (contract section 3, Errors). */
export const Problem = Type.Object(
  {
    type: Type.String({ description: 'URN of the error code' }),
    title: Type.String(),
    status: Type.Integer(),
    detail: Type.String(),
    instance: Type.String({ description: 'Path of the request' }),
    code: Type.String({ description: 'Stable code, listed in docs/errors.md' }),
    errors: Type.Optional(
      Type.Array(Type.Object({ path: Type.String({ description: 'JSON Pointer (RFC 6901)' }), message: Type.String() })),
    ),
  },
  { title: 'Problem' },
);
export type Problem = Static<typeof Problem>;

/** Problem replies of every route; spread them into `schema.response`. */
export const PROBLEM_REPLIES = {
  '4xx': { description: 'The request cannot be served as it is', content: { 'application/problem+json': { schema: Problem } } },
  '5xx': { description: 'The hub or what it depends on failed', content: { 'application/problem+json': { schema: Problem } } },
} as const;

/** A reply without a body (204). */
export const NoContent = Type.Null({ description: 'Done' });
