/** From the items of a page to messages: published by their spoke, in the order of their lanes, each once. */
import { createHash } from 'node:crypto';
import type { PolledItem } from '@nave/adapter-kit';
import { type CompiledExpression, isHubError, messageOf } from '@nave/core';
import { type Accepter, type CompiledSpoke, expressionScope, isStorable, laneKeyOf, type Publication } from '@nave/pipeline';
import type { PollStore } from '@nave/store';

export interface PublishDeps {
  accepter: Pick<Accepter, 'publish'>;
  store: Pick<PollStore, 'known'>;
  /** Milliseconds since the epoch. */
  now: () => number;
}

export interface Published {
  fresh: number;
  /** Known already, of an earlier page or of a webhook. */
  duplicates: number;
  /** What can never be stored as it is: it is left out, or nothing behind it would ever come. */
  refused: { key: string; reason: string }[];
}

const KEY_MAX = 255;
const TYPE_MAX = 200;

/** Resolves when all of them are committed. @throws HubError `store.unavailable` and others that are no fault of an item: the page must come again */
export async function publishItems(
  deps: PublishDeps,
  spoke: CompiledSpoke,
  poll: string,
  items: readonly PolledItem[],
): Promise<Published> {
  const known = await deps.store.known(spoke.definition.name, items.map(({ idempotencyKey }) => boundedKey(idempotencyKey)).filter(isKey));
  const result: Published = { fresh: 0, duplicates: 0, refused: [] };
  const lanes = new Map<string | symbol, Publication[]>();
  for (const item of items) {
    const key = boundedKey(item.idempotencyKey);
    if (known.has(key)) {
      result.duplicates += 1;
      continue;
    }
    const made = await publicationOf(spoke, poll, { ...item, idempotencyKey: key }, deps.now());
    if (typeof made === 'string') result.refused.push({ key, reason: made });
    else lanes.set(made.orderingKey ?? Symbol(), [...(lanes.get(made.orderingKey ?? '') ?? []), made]);
  }
  const lines = [...lanes.values()].map(async (line) => {
    for (const publication of line) {
      const answer = await publish(deps, publication);
      if (answer === 'fresh') result.fresh += 1;
      else if (answer === 'duplicate') result.duplicates += 1;
      else result.refused.push({ key: publication.idempotencyKey ?? '', reason: answer.refused });
    }
  });
  for (const ended of await Promise.allSettled(lines)) if (ended.status === 'rejected') throw ended.reason;
  return result;
}

async function publish({ accepter }: PublishDeps, publication: Publication): Promise<'fresh' | 'duplicate' | { refused: string }> {
  try {
    return (await accepter.publish(publication)).duplicate ? 'duplicate' : 'fresh';
  } catch (error) {
    if (isHubError(error) && !error.retryable && error.category !== 'internal') return { refused: error.detail };
    throw error;
  }
}

/** Text: why it can never be one. */
async function publicationOf(spoke: CompiledSpoke, poll: string, item: PolledItem, nowMs: number): Promise<Publication | string> {
  const { inbound, definition } = spoke;
  const body = Buffer.from(JSON.stringify(item.data ?? null), 'utf8');
  if (inbound !== null && body.byteLength > inbound.definition.maxBytes) return `larger than ${inbound.definition.maxBytes} bytes`;
  if (!isKey(item.idempotencyKey)) return `no idempotency key of 1 to ${KEY_MAX} characters`;
  const [problem] = inbound?.schemaProblems(item.data) ?? [];
  if (problem !== undefined) return `breaks the inbound schema: ${problem.path || 'the whole'} ${problem.message}`;
  try {
    const evaluate = async (expression: CompiledExpression | null | undefined): Promise<unknown> =>
      expression?.evaluate(item.data, expressionScope(definition.name, nowMs, { bindings: { headers: {}, query: {}, method: 'POST' } }));
    const own = await evaluate(inbound?.type);
    const type = typeof own === 'string' && own !== '' ? own : item.type;
    if (!isStorable(type, TYPE_MAX)) return `no type of 1 to ${TYPE_MAX} characters`;
    return {
      ...{ spoke, type, data: item.data, body, contentType: 'application/json', headers: { 'x-nave-poll': poll } },
      idempotencyKey: item.idempotencyKey,
      orderingKey: laneKeyOf(inbound?.orderingKey ? await evaluate(inbound.orderingKey) : item.orderingKey),
      correlationId: null,
    };
  } catch (error) {
    if (isHubError(error) && !error.retryable) return `an inbound expression failed on it: ${error.detail}`;
    throw error instanceof Error ? error : new Error(messageOf(error));
  }
}

/** A key that is too long is remembered by its hash. */
function boundedKey(key: string): string {
  return key.length <= KEY_MAX ? key : `sha256:${createHash('sha256').update(key, 'utf16le').digest('base64url')}`;
}

function isKey(key: string): boolean {
  return isStorable(key, KEY_MAX);
}
