import type { PolledItem, PollPage, PollStart } from '@nave/adapter-kit';
import { outcomeOfHttpStatus } from '@nave/core';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type StripeSimulator, startStripeSimulator } from '../simulator/index.ts';
import { readCursor, writeCursor } from './cursor.ts';
import { pollEvents } from './poll-events.ts';

let stripe: StripeSimulator;
let nowMs = 0;
beforeEach(async () => {
  nowMs = Date.UTC(2026, 10, 21, 12, 0, 0);
  stripe = await startStripeSimulator({ secretKey: 'k', now: () => nowMs });
});
afterEach(() => stripe.close());

async function ask(target: string) {
  const answer = await fetch(stripe.url + target, { headers: { Authorization: 'Bearer k' } });
  const { status } = answer;
  const headers = Object.fromEntries(answer.headers);
  const body = new Uint8Array(await answer.arrayBuffer());
  const kind = outcomeOfHttpStatus(status, false);
  return { kind, status, detail: `answered ${status}`, sent: true, response: { status, headers, contentType: 'application/json', body } };
}

const poll = (
  cursor: string | null,
  more: { from?: PollStart; limit?: number; types?: string[]; overlapSeconds?: number } = {},
): Promise<PollPage> =>
  pollEvents(ask, {
    cursor,
    limit: more.limit ?? 100,
    from: more.from ?? 'now',
    types: more.types ?? [],
    overlapSeconds: more.overlapSeconds ?? 600,
  });

/** Pages until there is no more. */
async function turn(
  cursor: string | null,
  more: Parameters<typeof poll>[1] = {},
): Promise<{ items: PolledItem[]; cursor: string; pages: number }> {
  const items: PolledItem[] = [];
  let place = cursor;
  for (let pages = 1; pages < 200; pages += 1) {
    const page = await poll(place, more);
    if (!page.ok) throw new Error(page.outcome.detail);
    items.push(...page.items);
    place = page.cursor;
    if (!page.more) return { items, cursor: place, pages };
  }
  throw new Error('no end');
}

const keys = (items: readonly PolledItem[]) => items.map(({ idempotencyKey }) => idempotencyKey);
const pass = (seconds: number) => {
  nowMs += seconds * 1_000;
};
function happen(count: number): string[] {
  return Array.from({ length: count }, () => {
    stripe.pay(1, 'eur');
    return stripe.list('events').at(-1)?.id ?? '';
  });
}

describe('the poll of events', () => {
  it('begins with what happens from now on, in the same second too', async () => {
    happen(3);
    const { items, cursor } = await turn(null);
    expect(items).toEqual([]);
    const fresh = happen(2);
    const next = await turn(cursor);
    expect(keys(next.items)).toEqual(fresh);
    pass(5_000);
    const later = happen(1);
    expect(keys((await turn(next.cursor)).items)).toEqual([...fresh, ...later]);
  });

  it('begins with all of an account that had no events', async () => {
    const { cursor } = await turn(null);
    const fresh = happen(2);
    expect(keys((await turn(cursor)).items)).toEqual(fresh);
  });

  it('gives what a webhook gives: the event, its id as key, its type', async () => {
    const { cursor } = await turn(null);
    stripe.pay(500, 'jpy', { order: 'A1' });
    const [item] = (await turn(cursor)).items;
    expect(item).toMatchObject({ type: 'payment_intent.succeeded', idempotencyKey: stripe.list('events')[0]?.id });
    expect(item?.data).toEqual(stripe.list('events')[0]);
  });

  it('brings a backlog of many pages in the order in which it happened', async () => {
    const all = happen(57);
    const { items, pages } = await turn(null, { from: 'start', limit: 10 });
    expect(keys(items)).toEqual(all);
    expect(pages).toBeLessThan(20);
  });

  it('looks back, for events that appear late', async () => {
    const { cursor } = await turn(null, { from: 'start' });
    happen(1);
    pass(1_000);
    const { cursor: next } = await turn(cursor);
    const late = stripe.emitAt('invoice.paid', Math.floor(nowMs / 1_000) - 1_300).id;
    pass(10);
    expect(keys((await turn(next)).items)).toContain(late);
  });

  it('is not led astray by events of a test clock that lie ahead', async () => {
    const { cursor } = await turn(null);
    stripe.emitAt('invoice.created', Math.floor(nowMs / 1_000) + 90 * 86_400);
    const { cursor: next } = await turn(cursor);
    pass(60);
    const [real] = happen(1);
    expect(keys((await turn(next)).items)).toContain(real);
  });

  it('asks only for the types of the configuration', async () => {
    const { cursor } = await turn(null, { types: ['invoice.*'] });
    happen(1);
    const invoice = stripe.emitAt('invoice.paid', Math.floor(nowMs / 1_000)).id;
    expect(keys((await turn(cursor, { types: ['invoice.*'] })).items)).toEqual([invoice]);
  });

  it('goes on when the events that marked its place are older than Stripe keeps them', async () => {
    happen(35);
    const first = await poll(null, { from: 'start', limit: 10 });
    if (!first.ok) throw new Error();
    stripe.forgetEvents(12);
    const { items } = await turn(first.cursor, { limit: 10 });
    const rest = await turn((await turn(first.cursor, { limit: 10 })).cursor, { limit: 10 });
    expect(new Set([...keys(items), ...keys(rest.items)])).toEqual(new Set(stripe.list('events').map(({ id }) => id)));
  });

  it('says what Stripe refuses, and reads no cursor of another', async () => {
    stripe.refuse('rate_limit', 1);
    expect(await poll(null)).toMatchObject({ ok: false, outcome: { kind: 'throttled' } });
    expect(await poll('{"v":2}')).toMatchObject({ ok: false });
    expect(await poll('nonsense')).toMatchObject({ ok: false });
  });

  it('loses nothing, however turns, pages and arrivals fall', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ events: fc.nat(12), seconds: fc.nat(900) }), { minLength: 1, maxLength: 6 }),
        fc.integer({ min: 1, max: 5 }),
        async (steps, limit) => {
          pass(1);
          let { cursor } = await turn(null, { limit });
          const wanted: string[] = [];
          const got = new Set<string>();
          for (const { events, seconds } of steps) {
            wanted.push(...happen(events));
            pass(seconds);
            const done = await turn(cursor, { limit, overlapSeconds: 60 });
            for (const key of keys(done.items)) got.add(key);
            ({ cursor } = done);
          }
          expect([...got]).toEqual(wanted);
        },
      ),
      { numRuns: 20 },
    );
  });

  it('writes cursors that it can read', () => {
    const cursor = { since: 5, floor: null, skip: ['evt_1'], phase: { name: 'climb', above: 'evt_2', newest: 7 } } as const;
    expect(readCursor(writeCursor(cursor))).toEqual(cursor);
    for (const text of ['null', '[]', '{"v":1}', '{"v":1,"phase":{"name":"climb"}}']) expect(readCursor(text)).toBeNull();
  });
});
