/** Polls of a `rest` spoke, written as data: one GET per page, the answer taken apart by expressions. */
import { createHash } from 'node:crypto';
import {
  type HttpExchangeRequest,
  isJsonObject,
  type PollDeclaration,
  type PolledItem,
  type PollPage,
  type PollStart,
  parseBody,
} from '@nave/adapter-kit';
import { type CompiledExpression, type ExpressionEngine, type ExpressionScope, isHubError, type Outcome, parseDuration } from '@nave/core';
import type { RestConfig, RestPoll } from './config.ts';

const EVERY_MS = 300_000;
const ITEMS_MAX = 2_000;

/** As the hub knows them. */
export function pollsOfRest({ polls = {} }: RestConfig): readonly PollDeclaration[] {
  return Object.entries(polls).map(([name, { title, every }]) => ({
    ...{ name, title: title ?? name, eventTypes: [] },
    everyMs: (every === undefined ? null : parseDuration(every)) ?? EVERY_MS,
  }));
}

export interface RestPollDeps {
  expressions: ExpressionEngine;
  /** Milliseconds since the epoch. */
  now: () => number;
  /** One authorised exchange, judged by its status. */
  exchange: (request: Pick<HttpExchangeRequest, 'method' | 'url' | 'headers'>) => Promise<Outcome>;
}

/**
 * The first turn from now walks to the end of what there is without taking it.
 * @throws HubError `expression.compile` for a configuration that was never validated
 */
export async function pollRest(
  deps: RestPollDeps,
  place: { name: string; poll: RestPoll; baseUrl: string },
  given: { cursor: string | null; limit: number; from: PollStart },
): Promise<PollPage> {
  const { name, poll } = place;
  const scope: ExpressionScope = { nowMs: deps.now(), seed: `poll ${name}` };
  const evaluate = (text: string | undefined, root: unknown): Promise<unknown> => {
    const compiled: CompiledExpression | null = text === undefined ? null : deps.expressions.compile(text);
    return compiled === null ? Promise.resolve(undefined) : compiled.evaluate(root, scope);
  };
  const before = given.cursor === null ? { at: null, passing: given.from === 'now' } : readCursor(given.cursor);
  if (before === null) return invalid('the cursor of the poll cannot be read');
  try {
    const query = new URLSearchParams();
    for (const [field, text] of Object.entries(poll.query ?? {})) {
      const value = await evaluate(text, { cursor: before.at, limit: given.limit });
      if (value !== undefined && value !== null) query.append(field, typeof value === 'object' ? JSON.stringify(value) : String(value));
    }
    const target = query.size === 0 ? poll.path : `${poll.path}?${query}`;
    const headers = { Accept: 'application/json, */*;q=0.5', 'User-Agent': 'Nave', ...poll.headers };
    const outcome = await deps.exchange({ method: 'GET', url: place.baseUrl.replace(/\/+$/, '') + target, headers });
    const { response } = outcome;
    if (outcome.kind !== 'ok' || response === undefined) return { ok: false, outcome };
    const parsed = parseBody(response.contentType, response.body);
    if (!parsed.ok) return invalid(`the answer cannot be read: ${parsed.reason}`);
    const root = { status: response.status, headers: response.headers, body: parsed.data, cursor: before.at };
    const found = listOf(await evaluate(poll.items, root));
    if (found.length > ITEMS_MAX) return invalid(`more than ${ITEMS_MAX} items in one answer`);
    const after = await evaluate(poll.cursor, root);
    const more = truthy(await evaluate(poll.more, root));
    // Nothing new and no word of where to go on: the place stays.
    const at = after === undefined || after === null ? before.at : after;
    const items: PolledItem[] = [];
    for (const item of before.passing ? [] : found) {
      const id = keyOf(await evaluate(poll.id, item), item);
      if (id === null) return invalid('an item without an id');
      const orderingKey = textOf(await evaluate(poll.orderingKey, item));
      const type = textOf(await evaluate(poll.type, item)) ?? name;
      items.push({ type, data: item, idempotencyKey: id, ...(orderingKey === null ? {} : { orderingKey }) });
    }
    return { ok: true, items, cursor: JSON.stringify({ at, ...(before.passing && more ? { passing: true } : {}) }), more };
  } catch (error) {
    if (isHubError(error)) return invalid(`an expression of the poll failed: ${error.detail}`);
    throw error;
  }
}

function readCursor(text: string): { at: unknown; passing: boolean } | null {
  try {
    const value: unknown = JSON.parse(text);
    return isJsonObject(value) && 'at' in value ? { at: value['at'], passing: value['passing'] === true } : null;
  } catch {
    return null;
  }
}

/** JSONata gives a list of one as the thing itself. */
function listOf(value: unknown): unknown[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value];
}

/** Integers beyond 2^53 were rounded by the parser: two events must not become one. */
function keyOf(value: unknown, item: unknown): string | null {
  const text = textOf(value);
  if (typeof value !== 'number' || Math.abs(value) <= Number.MAX_SAFE_INTEGER) return text;
  return `${text} ${createHash('sha256').update(JSON.stringify(item)).digest('base64url')}`;
}

function textOf(value: unknown): string | null {
  if (typeof value === 'number' && Number.isFinite(value)) return String(value);
  return typeof value === 'string' && value !== '' ? value : null;
}

function truthy(value: unknown): boolean {
  return Array.isArray(value) ? value.length > 0 : Boolean(value);
}

function invalid(detail: string): PollPage {
  return { ok: false, outcome: { kind: 'invalid', status: null, detail, sent: true } };
}
