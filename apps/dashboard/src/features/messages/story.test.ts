import { describe, expect, it } from 'vitest';
import { attempt, delivery, message } from './message-fixture.ts';
import { storyOf } from './story.ts';
import { STORY_CS, STORY_EN } from './story-words.ts';

const format = { span: (ms: number) => `${ms} ms`, clock: () => '19:02:00' };
const en = (...args: Parameters<typeof message>) => storyOf(message(...args), STORY_EN, format);
const cs = (...args: Parameters<typeof message>) => storyOf(message(...args), STORY_CS, format);

const invoice = delivery({ attemptCount: 2 });
const refused = delivery({
  id: '01a1ff5f-0000-7000-8000-000000000002',
  route: 'order-to-contact',
  spoke: 'crm',
  step: 'contact',
  operation: 'upsertContact',
  state: 'dead',
  reason: 'rejected',
  attempts: [attempt(1, 'rejected', 422)],
});

describe('the story of a message', () => {
  it('tells what was reached and what waits for a person', () => {
    expect(en([refused, invoice])).toBe(
      'order.created from shop reached erp (createInvoice, after 2 attempts); crm refused upsertContact with 422 and waits for you.',
    );
    expect(cs([refused, invoice])).toBe(
      'Zpráva order.created ze systému shop dorazila do systému erp (createInvoice, na 2. pokus); systém crm odmítl operaci upsertContact (422) a čeká se na vás.',
    );
  });

  it('says how long it took when all went well', () => {
    const crm = { ...refused, state: 'succeeded' as const, reason: null };
    const done = { completedAt: '2026-11-21T18:00:00.087Z' };
    expect(en([delivery(), crm], done)).toBe('order.created from shop reached erp (createInvoice) and crm (upsertContact) within 87 ms.');
    expect(cs([delivery(), crm], done)).toBe(
      'Zpráva order.created ze systému shop dorazila do systémů erp (createInvoice) a\u00a0crm (upsertContact) za 87 ms.',
    );
  });

  it('leaves out what a replay replaced', () => {
    const again = { ...refused, id: '01a1ff5f-0000-7000-8000-000000000009', createdAt: '2026-11-21T18:05:00.000Z', replayOf: refused.id };
    expect(en([refused, { ...again, state: 'succeeded', reason: null }])).toBe('order.created from shop reached crm (upsertContact).');
  });

  it('names what it waits for, and when the next attempt is', () => {
    const held = (heldBy: string) => en([delivery({ state: 'held', heldBy, finishedAt: null })]);
    expect(held('breaker')).toBe('order.created from shop: createInvoice waits until erp is healthy again.');
    expect(held('approval')).toContain('waits for approval');
    const retrying = delivery({
      state: 'retrying',
      attemptCount: 1,
      nextAttemptAt: '2026-11-21T18:02:00.000Z',
      attempts: [attempt(1, 'timeout', null)],
    });
    expect(en([retrying])).toBe(
      'order.created from shop: erp failed createInvoice once (last: no answer in time); the next attempt is at 19:02:00.',
    );
    expect(cs([retrying])).toContain('další pokus bude v 19:02:00');
  });

  it('is short even for many deliveries', () => {
    const many = Array.from({ length: 9 }, (_, n) => ({ ...refused, id: `01a1ff5f-0000-7000-8000-00000000001${n}`, route: `route-${n}` }));
    expect(en(many)).toContain('6 more deliveries are listed below');
    expect(cs(many)).toContain('6 dalších doručení je níže');
  });

  it('has words for what no route takes, and for every state and reason', () => {
    expect(en([], { state: 'unrouted' })).toBe('No route takes order.created from shop: it is kept, nothing was sent.');
    expect(cs([], { state: 'unrouted' })).toContain('nepřebírá žádná trasa');
    const states = ['pending', 'active', 'retrying', 'held', 'unknown', 'dead', 'skipped', 'cancelled', 'compensated'] as const;
    const reasons = [
      null,
      'filtered',
      'operator.skipped',
      'operator.cancelled',
      'operator.rejected',
      'invalid',
      'at-most-once',
      'worker.lost',
    ];
    for (const state of states) {
      for (const reason of reasons) {
        for (const told of [en([delivery({ state, reason })]), cs([delivery({ state, reason })])]) {
          expect(told).toMatch(/^[^.].+\.$/);
          expect(told).not.toMatch(/undefined|null/);
        }
      }
    }
  });
});
