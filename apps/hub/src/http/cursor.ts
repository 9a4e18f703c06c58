/** Cursors of lists: opaque, and bound to the filter they were made under so that a page never continues another list (contract section 3). */
import { createHash, timingSafeEqual } from 'node:crypto';
import { HubError } from '@nave/core';
import type { Static, TSchema } from 'typebox';
import { Check } from 'typebox/value';

/**
 * @param position where the next page starts, e.g. the last id of this one
 * @param filter everything that decides what the list contains (not the limit)
 */
export function encodeCursor(position: unknown, filter: unknown): string {
  return Buffer.concat([filterDigest(filter), Buffer.from(JSON.stringify(position))]).toString('base64url');
}

/**
 * The position a cursor stands for, or null when there is no cursor.
 * @param schema what a position of this list looks like
 * @throws HubError `request.cursor` when it is no cursor of this list
 */
export function decodeCursor<T extends TSchema>(schema: T, cursor: string | undefined, filter: unknown): Static<T> | null {
  if (cursor === undefined) return null;
  const bytes = /^[A-Za-z0-9_-]+$/.test(cursor) ? Buffer.from(cursor, 'base64url') : Buffer.alloc(0);
  if (bytes.length <= DIGEST_BYTES || !timingSafeEqual(bytes.subarray(0, DIGEST_BYTES), filterDigest(filter))) throw wrong();
  const position = parse(bytes.subarray(DIGEST_BYTES).toString('utf8'));
  if (!Check(schema, position)) throw wrong();
  return position;
}

const DIGEST_BYTES = 8;

function filterDigest(filter: unknown): Buffer {
  return createHash('sha256').update(canonical(filter)).digest().subarray(0, DIGEST_BYTES);
}

/** JSON with sorted names, so that the order of query parameters does not matter. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const fields = Object.entries(value).filter(([, field]) => field !== undefined);
  return `{${fields
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, field]) => `${JSON.stringify(name)}:${canonical(field)}`)
    .join(',')}}`;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw wrong();
  }
}

function wrong(): HubError {
  return new HubError('request.cursor', {
    detail: 'This cursor belongs to another list or filter. Start again without one.',
    errors: [{ path: '/query/cursor', message: 'expected the nextCursor of a page of this list with the same filter' }],
  });
}
