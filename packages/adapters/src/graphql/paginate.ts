/** Follows the cursors of a query (Relay's cursor connections): bounded in pages, bytes and time, and never quietly shortened. */
import { parseExact } from '@nave/adapter-kit';
import type { Outcome } from '@nave/core';
import { BODY_BYTES_MAX } from '@nave/protocols';
import type { GraphqlPaginate } from './config.ts';
import { replaceBody } from './judge.ts';
import type { Variables } from './variables.ts';

const PAGES_DEFAULT = 10;

/**
 * All pages as one answer: the last page's, with the items of all pages in the place of its own. The first page that is no success is the outcome.
 * @param send one page; its output is the whole answer as it came
 */
export async function sendPages(
  { cursor, pageInfo, items, pages = PAGES_DEFAULT }: GraphqlPaginate,
  first: Variables,
  send: (variables: Variables) => Promise<Outcome>,
): Promise<Outcome> {
  let variables = first;
  let bytes = 0;
  const collected: unknown[] = [];
  const seen = new Set<unknown>();
  for (let page = 1; ; page++) {
    const outcome = await send(variables);
    if (outcome.kind !== 'ok' || !outcome.response) return outcome;
    const { body } = outcome.response;
    bytes += body.byteLength;
    const answer: unknown = parseExact(Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('utf8'));
    const data = at(answer, ['data']);
    const list = at(data, items.split('.'));
    if (Array.isArray(list)) for (const item of list) collected.push(item);
    else if (list !== null && list !== undefined) return refuse(outcome, page, `${items} is not a list`);
    const info = at(data, pageInfo.split('.'));
    if (at(info, ['hasNextPage']) !== true) {
      if (collected.length === 0 && !Array.isArray(list)) return outcome;
      return {
        ...replaceBody(outcome, put(answer, ['data', ...items.split('.')], collected)),
        detail: page === 1 ? outcome.detail : `${outcome.detail}, ${page} pages`,
      };
    }
    const next = at(info, ['endCursor']);
    if (typeof next !== 'string' || next === '' || seen.has(next))
      return refuse(outcome, page, 'there is a next page, but no new cursor that leads to it');
    if (page >= pages) return refuse(outcome, page, 'there are more pages than paginate.pages allows');
    if (bytes > BODY_BYTES_MAX) return refuse(outcome, page, `the pages are together larger than ${BODY_BYTES_MAX} bytes`);
    seen.add(next);
    variables = { ...variables, [cursor]: next };
  }
}

function refuse(outcome: Outcome, page: number, reason: string): Outcome {
  return { ...outcome, kind: 'invalid', detail: `${outcome.detail}; page ${page}: ${reason}` };
}

function at(value: unknown, [name, ...rest]: readonly string[]): unknown {
  if (name === undefined) return value;
  const field: unknown = typeof value === 'object' && value !== null ? Object.getOwnPropertyDescriptor(value, name)?.value : undefined;
  return at(field, rest);
}

/** A copy with one value deep inside replaced. */
function put(value: unknown, [name, ...rest]: readonly string[], replacement: unknown): unknown {
  if (name === undefined) return replacement;
  return { ...Object(value), [name]: put(at(value, [name]), rest, replacement) };
}
