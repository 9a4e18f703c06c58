/** What every implementation of the hot path's storage must do: run against memory and against PostgreSQL. */
import {
  type ClaimedDelivery,
  deriveUuid,
  FIRST_FENCE,
  LOOKUP_SETTLE_MS,
  LOST_MAX,
  type MessageStore,
  type NewDelivery,
  type NewMessage,
  type SweepStore,
  uuidV7,
} from '@nave/core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { buildDelivery, buildMessage, buildRecord, digestOf } from './build-rows.ts';

export interface MessageStoreUnderTest {
  store: MessageStore & SweepStore;
  /** Lets time pass for everything stored. */
  pass(ms: number): Promise<void>;
  /** Registers a spoke with the sweep, or changes it. */
  setSpoke(name: string, state: { paused: boolean; enabled: boolean }): Promise<void>;
  /** State and facts of a delivery; null when there is none. */
  look(deliveryId: string): Promise<{
    state: string;
    heldBy: string | null;
    reason: string | null;
    attemptCount: number;
    fence: number;
    attempts: number[];
  } | null>;
  /** Forgets everything stored. */
  clear(): Promise<void>;
  close(): Promise<void>;
}

const LEASE_MS = 30_000;
const GRACE_MS = 5_000;

/** Runs the suite; call it at the top level of a test file. */
export function describeMessageStoreContract(name: string, open: () => Promise<MessageStoreUnderTest>): void {
  describe(`${name} keeps the message store's contract`, () => {
    let under: MessageStoreUnderTest;
    let store: MessageStore & SweepStore;
    let count = 0;

    beforeAll(async () => {
      under = await open();
      store = under.store;
    });
    afterAll(() => under.close());
    beforeEach(async () => {
      await under.clear();
      await under.setSpoke('erp', { paused: false, enabled: true });
      await under.setSpoke('crm', { paused: false, enabled: true });
    });

    function freshId(): string {
      count += 1;
      const entropy = Buffer.alloc(10);
      entropy.writeUInt32BE(count, 6);
      return uuidV7(Date.now(), entropy);
    }

    function message(changes: Partial<NewMessage> = {}): NewMessage {
      return buildMessage(freshId(), changes);
    }

    function routed(deliveries: readonly Partial<NewDelivery>[] = [{}], changes: Partial<NewMessage> = {}): NewMessage {
      const id = freshId();
      return buildMessage(id, {
        deliveries: deliveries.map((delivery, n) => buildDelivery(id, { route: `route-${n}`, ...delivery })),
        ...changes,
      });
    }

    const accept = (...batch: NewMessage[]) => store.accept(batch, Date.now());
    const idsOf = (of: NewMessage) => of.deliveries.map(({ id }) => id);
    const FIRST = { duplicateOf: null, mismatch: false };

    /** Accepts a message with one delivery and claims it. */
    async function claimed(delivery: Partial<NewDelivery> = {}, leaseMs = LEASE_MS): Promise<ClaimedDelivery> {
      const one = routed([delivery]);
      await accept(one);
      const [row] = await store.claim(idsOf(one), 'me', leaseMs);
      if (row === undefined) throw new Error('not claimed');
      return row;
    }

    describe('accept', () => {
      it('stores a batch with its deliveries and answers in order', async () => {
        const [a, b] = [
          routed([{ state: 'pending' }, { state: 'skipped', reason: 'filtered' }, { state: 'dead', reason: 'when failed' }]),
          message(),
        ];
        expect(await accept(a, b)).toEqual([FIRST, FIRST]);
        const [pending = '', skipped = '', dead = ''] = idsOf(a);
        expect(await under.look(pending)).toMatchObject({ state: 'pending', attemptCount: 0 });
        expect(await under.look(skipped)).toMatchObject({ state: 'skipped', reason: 'filtered' });
        expect(await under.look(dead)).toMatchObject({ state: 'dead', reason: 'when failed' });
        expect((await store.claim(idsOf(a), 'me', LEASE_MS)).map(({ id }) => id)).toEqual([pending]);
      });

      it('answers a repeat with the first message and stores nothing of it', async () => {
        const [first, repeat] = [routed([{}], { idempotencyKeys: ['k'] }), routed([{}], { idempotencyKeys: ['k'] })];
        await accept(first);
        const fresh = message();
        expect(await accept(repeat, fresh)).toEqual([{ duplicateOf: first.id, mismatch: false }, FIRST]);
        expect(await under.look(idsOf(repeat)[0] ?? '')).toBeNull();
      });

      it('tells a repeat with another body', async () => {
        const first = message({ idempotencyKeys: ['k'] });
        await accept(first);
        expect(await accept(message({ idempotencyKeys: ['k'], digest: digestOf('another') }))).toEqual([
          { duplicateOf: first.id, mismatch: true },
        ]);
      });

      it('recognises a repeat by either of two keys', async () => {
        const first = message({ idempotencyKeys: ['delivery-1', 'sha256:x'] });
        await accept(first);
        const answers = await accept(
          message({ idempotencyKeys: ['delivery-2', 'sha256:x'] }),
          message({ idempotencyKeys: ['delivery-1', 'sha256:y'] }),
        );
        expect(answers.map(({ duplicateOf }) => duplicateOf)).toEqual([first.id, first.id]);
        // What a repeat brought along is not remembered.
        expect(await accept(message({ idempotencyKeys: ['delivery-2'] }))).toEqual([FIRST]);
      });

      it('stores what the accepting process takes over as claimed by it, and the rest as pending', async () => {
        const [mine, lane, other] = [routed(), routed([{ laneKey: 'a' }]), routed()];
        const [later, again] = [routed([{ laneKey: 'a' }]), routed([{}], { idempotencyKey: 'k', idempotencyKeys: ['k'] })];
        await accept(again);
        const repeat = routed([{}], { idempotencyKey: 'k', idempotencyKeys: ['k'] });
        const taken = { owner: 'me', leaseMs: LEASE_MS, ids: new Set([mine, lane, later, repeat].flatMap(idsOf)) };
        const results = await store.accept([mine, lane, later, other, repeat], Date.now(), taken);
        expect(results.map(({ duplicateOf, held = [] }) => [duplicateOf, held])).toEqual([
          [null, []],
          [null, []],
          [null, idsOf(later)],
          [null, []],
          [again.id, []],
        ]);
        const states = await Promise.all([mine, lane, later, other, repeat].flatMap(idsOf).map((id) => under.look(id)));
        expect(states.map((row) => row && [row.state, row.fence])).toEqual([
          ['active', FIRST_FENCE],
          ['active', FIRST_FENCE],
          ['held', 0],
          ['pending', 0],
          null,
        ]);
        // Its lease is one like any other: nobody else gets it, its result counts, and it runs out.
        const [id = '', lost = ''] = [mine, lane].flatMap(idsOf);
        expect(await store.claim([id, lost], 'other', LEASE_MS)).toEqual([]);
        expect(await store.renew([{ id, fence: FIRST_FENCE }], 'me', LEASE_MS)).toEqual([id]);
        expect(await store.record([buildRecord({ id, fence: FIRST_FENCE, attemptCount: 0 })])).toEqual([id]);
        await under.pass(LEASE_MS + 1);
        expect((await store.expireLeases()).map(({ deliveryId }) => deliveryId)).toEqual([lost]);
      });

      it('keeps the keys of spokes apart', async () => {
        await accept(message({ idempotencyKeys: ['k'] }));
        expect(await accept(message({ spoke: 'other', idempotencyKeys: ['k'] }))).toEqual([FIRST]);
      });

      it('takes an expired key anew', async () => {
        await accept(message({ idempotencyKeys: ['k'], idempotencyExpiresAtMs: Date.now() + 60_000 }));
        await under.pass(61_000);
        const again = message({ idempotencyKeys: ['k'], idempotencyExpiresAtMs: Date.now() + 600_000 });
        expect(await accept(again)).toEqual([FIRST]);
        expect(await accept(message({ idempotencyKeys: ['k'] }))).toEqual([{ duplicateOf: again.id, mismatch: false }]);
      });

      it('stores nothing of a batch that holds something it cannot store', async () => {
        const good = routed([{}], { idempotencyKeys: ['good'] });
        await expect(accept(good, message({ correlationId: 'a\u0000b' }))).rejects.toMatchObject({ code: 'hub.internal' });
        expect(await under.look(idsOf(good)[0] ?? '')).toBeNull();
        expect(await accept(good)).toEqual([FIRST]);
      });
    });

    describe('claim', () => {
      it('gives a delivery once, with its message', async () => {
        const id = freshId();
        const one = buildMessage(id, { orderingKey: 'lane', correlationId: 'c', deliveries: [buildDelivery(id, { laneKey: 'own lane' })] });
        await accept(one);
        const [row] = await store.claim(idsOf(one), 'me', LEASE_MS);
        expect(row).toMatchObject({
          ...{ messageId: id, source: 'shop', route: 'invoices', step: 0, stepName: 'step0', spoke: 'erp', operation: 'create' },
          ...{ attemptCount: 0, attemptBase: 0, fence: 1, input: null, replayId: null, laneKey: 'own lane', createdAtMs: one.receivedAtMs },
          message: {
            type: 'order.created',
            receivedAtMs: one.receivedAtMs,
            contentType: 'application/json',
            correlationId: 'c',
            orderingKey: 'lane',
          },
        });
        expect(Buffer.from(row?.message.content ?? [])).toEqual(one.content);
        expect(await store.claim(idsOf(one), 'other', LEASE_MS)).toEqual([]);
      });

      it('leaves out what it does not know, and takes an empty list', async () => {
        expect(await store.claim([freshId(), freshId()], 'me', LEASE_MS)).toEqual([]);
        expect(await store.claim([], 'me', LEASE_MS)).toEqual([]);
      });

      it('waits for the time of a retry, then raises the fence', async () => {
        const row = await claimed();
        await store.record([buildRecord(row, { state: 'retrying', delayMs: 60_000, reason: 'fault' })]);
        expect(await store.claim([row.id], 'me', LEASE_MS)).toEqual([]);
        expect(await store.claimDue('erp', 10, 'me', LEASE_MS)).toEqual([]);
        await under.pass(61_000);
        expect(await store.claim([row.id], 'me', LEASE_MS)).toMatchObject([{ id: row.id, fence: 2, attemptCount: 1 }]);
      });

      it('claims what is due for a spoke, the longest waiting first, as many as asked for', async () => {
        const early = routed([{ spoke: 'erp' }, { spoke: 'crm' }]);
        await accept(early);
        await under.pass(1_000);
        const late = routed([{ spoke: 'erp' }]);
        await accept(late);
        expect((await store.claimDue('erp', 1, 'me', LEASE_MS)).map(({ id }) => id)).toEqual([idsOf(early)[0]]);
        expect((await store.claimDue('erp', 10, 'me', LEASE_MS)).map(({ id }) => id)).toEqual(idsOf(late));
      });
    });

    describe('record', () => {
      it('ends a delivery and keeps its attempt', async () => {
        const row = await claimed();
        expect(await store.record([buildRecord(row)])).toEqual([row.id]);
        expect(await under.look(row.id)).toMatchObject({ state: 'succeeded', attemptCount: 1, attempts: [1] });
        expect(await store.claim([row.id], 'me', LEASE_MS)).toEqual([]);
      });

      it('changes nothing for a lease that is not the current one', async () => {
        const row = await claimed({}, 10);
        await under.pass(20);
        await store.expireLeases();
        const [again] = await store.claim([row.id], 'other', LEASE_MS);
        const stale = buildRecord(row, { state: 'dead', reason: 'late' });
        expect(await store.record([stale])).toEqual([]);
        expect(await under.look(row.id)).toMatchObject({ state: 'active', attempts: [] });
        expect(await store.record([buildRecord(again ?? row)])).toEqual([row.id]);
        expect(await store.record([stale])).toEqual([]);
        expect(await under.look(row.id)).toMatchObject({ state: 'succeeded', attempts: [1] });
      });

      it('keeps only the attempt of the current lease when both results come in one batch', async () => {
        const row = await claimed({}, 10);
        await under.pass(20);
        await store.expireLeases();
        const [again] = await store.claim([row.id], 'me', LEASE_MS);
        if (again === undefined) throw new Error('not claimed');
        const late = buildRecord({ ...row, attemptCount: 6 }, { state: 'dead' });
        expect(await store.record([late, buildRecord(again)])).toEqual([row.id]);
        expect(await under.look(row.id)).toMatchObject({ state: 'succeeded', attempts: [1] });
      });

      it('keeps the input of the first attempt for the next one', async () => {
        const row = await claimed();
        await store.record([buildRecord(row, { state: 'retrying', delayMs: 0, input: Buffer.from('mapped') })]);
        const [again] = await store.claim([row.id], 'me', LEASE_MS);
        expect(Buffer.from(again?.input ?? []).toString()).toBe('mapped');
        await store.record([buildRecord(again ?? row, { state: 'retrying', delayMs: 0 })]);
        expect(Buffer.from((await store.claim([row.id], 'me', LEASE_MS))[0]?.input ?? []).toString()).toBe('mapped');
      });

      it('inserts the next step once, and gives it what the earlier steps answered', async () => {
        const row = await claimed();
        const next = {
          ...buildDelivery(row.messageId, { step: 1, spoke: 'crm', laneKey: 'lane' }),
          id: deriveUuid(row.id, 'next'),
          ...{
            messageId: row.messageId,
            source: row.source,
            createdAtMs: row.createdAtMs,
            replayId: null,
            replayOf: null,
            route: row.route,
          },
        };
        const done = buildRecord(row, { output: Buffer.from('answer'), next });
        expect(await store.record([done])).toEqual([row.id]);
        expect(await store.record([done])).toEqual([]);
        const [second] = await store.claim([next.id], 'me', LEASE_MS);
        expect(second).toMatchObject({ step: 1, spoke: 'crm', messageId: row.messageId, createdAtMs: row.createdAtMs, laneKey: 'lane' });
        const outputs = await store.stepOutputs(row.messageId, next.id, row.route, 1, 1, null);
        expect(outputs.map((o) => ({ ...o, output: Buffer.from(o.output ?? []).toString() }))).toEqual([
          { deliveryId: row.id, stepName: 'step0', output: 'answer' },
        ]);
        expect(await store.stepOutputs(row.messageId, next.id, row.route, 1, 1, freshId())).toEqual([]);
      });

      it('gives back what was not tried: at once, or after the delay asked for', async () => {
        const row = await claimed();
        await store.record([buildRecord(row, { state: 'pending', delayMs: 0, attempt: null })]);
        const [again] = await store.claim([row.id], 'me', LEASE_MS);
        expect(again).toMatchObject({ attemptCount: 0, fence: 2 });
        await store.record([buildRecord(again ?? row, { state: 'pending', delayMs: 1_000, attempt: null })]);
        expect(await store.claimDue('erp', 10, 'me', LEASE_MS)).toEqual([]);
        await under.pass(1_001);
        expect(await store.claimDue('erp', 10, 'me', LEASE_MS)).toHaveLength(1);
      });

      it('gives what is unknown to be looked up when its time comes, and remembers that it may have left', async () => {
        const row = await claimed();
        await store.record([buildRecord(row, { state: 'unknown', delayMs: 2_000, reason: 'unanswered' })]);
        expect(await store.claim([row.id], 'me', LEASE_MS)).toEqual([]);
        await under.pass(2_001);
        expect((await store.waiting(10)).map(({ deliveryId }) => deliveryId)).toEqual([row.id]);
        expect((await store.ringDue(10, GRACE_MS)).map(({ deliveryId }) => deliveryId)).toEqual([row.id]);
        const [asked] = await store.claim([row.id], 'me', LEASE_MS);
        expect(asked).toMatchObject({ sending: true, lookups: 0, attemptCount: 1, attemptBase: 0, fence: 2 });
        await store.record([buildRecord(asked ?? row, { state: 'unknown', delayMs: 0, lookup: true })]);
        const [again] = await store.claimDue('erp', 10, 'me', LEASE_MS);
        expect(again).toMatchObject({ sending: true, lookups: 1, attemptCount: 2, attemptBase: 1 });
        await store.record([buildRecord(again ?? row, { state: 'unknown', delayMs: 0, lookup: true, spared: true })]);
        const [spared] = await store.claimDue('erp', 10, 'me', LEASE_MS);
        expect(spared).toMatchObject({ sending: true, lookups: 1, attemptCount: 3, attemptBase: 2 });
        await store.record([buildRecord(spared ?? row, { state: 'pending', delayMs: 0, lookup: true })]);
        expect(await store.claim([row.id], 'me', LEASE_MS)).toMatchObject([
          { sending: false, lookups: 0, attemptCount: 4, attemptBase: 3 },
        ]);
      });

      it('leaves what is unknown to a person', async () => {
        const row = await claimed();
        await store.record([buildRecord(row, { state: 'unknown', reason: 'unanswered' })]);
        await under.pass(86_400_000);
        expect(await store.claim([row.id], 'me', LEASE_MS)).toEqual([]);
        expect(await store.ringDue(10, GRACE_MS)).toEqual([]);
        expect(await store.expireLeases()).toEqual([]);
      });

      it('counts the attempt of a probe and leaves the policy its attempts', async () => {
        const row = await claimed();
        await store.record([buildRecord(row, { state: 'retrying', delayMs: 0, spared: true })]);
        expect(await store.claim([row.id], 'me', LEASE_MS)).toMatchObject([{ attemptCount: 1, attemptBase: 1 }]);
      });

      it('takes an empty batch', async () => {
        expect(await store.record([])).toEqual([]);
      });
    });

    describe('lanes', () => {
      const LANE = { spoke: 'erp', key: 'k' };

      /** Accepts so many messages for one lane, in order, and answers the ids of their deliveries. */
      async function queued(n: number, delivery: Partial<NewDelivery> = {}): Promise<string[]> {
        const batch = Array.from({ length: n }, () => routed([{ laneKey: 'k', ...delivery }]));
        await accept(...batch);
        return batch.flatMap(idsOf);
      }

      async function end(id: string, state: 'succeeded' | 'dead' | 'unknown' = 'succeeded'): Promise<void> {
        const [row] = await store.claim([id], 'me', LEASE_MS);
        if (row === undefined) throw new Error('not claimed');
        expect(await store.record([buildRecord(row, { state, lane: LANE })])).toEqual([id]);
      }

      it('lets the first go and holds the others until it is their turn', async () => {
        const batch = [routed([{ laneKey: 'k' }]), routed([{ laneKey: 'k' }, { laneKey: null }]), routed([{ laneKey: 'other' }])];
        const answers = await accept(...batch);
        const [[a = ''], [b = ''], [other = '']] = [
          idsOf(batch[0] ?? message()),
          idsOf(batch[1] ?? message()),
          idsOf(batch[2] ?? message()),
        ];
        expect(answers).toEqual([FIRST, { ...FIRST, held: [b] }, FIRST]);
        expect(await under.look(b)).toMatchObject({ state: 'held', heldBy: 'lane' });
        expect(await under.look(other)).toMatchObject({ state: 'pending', heldBy: null });
        expect(await store.claim([b], 'me', LEASE_MS)).toEqual([]);
        expect(await store.claimDue('erp', 10, 'me', LEASE_MS)).toHaveLength(3);
        expect(await store.advanceLanes([LANE])).toEqual([]);
        expect((await under.look(a))?.state).toBe('active');
      });

      it('moves on one at a time, in the order of arrival, over batches', async () => {
        const ids = [...(await queued(2)), ...(await queued(2))];
        for (const [n, id] of ids.entries()) {
          await end(id);
          const next = ids[n + 1];
          expect(await store.advanceLanes([LANE, LANE])).toEqual(next === undefined ? [] : [{ spoke: 'erp', deliveryId: next }]);
          if (next !== undefined) expect(await under.look(next)).toMatchObject({ state: 'pending', heldBy: null });
        }
        const [again = ''] = await queued(1);
        expect(await under.look(again)).toMatchObject({ state: 'pending' });
      });

      it.each(['dead', 'unknown'] as const)('stays behind a head that is %s', async (state) => {
        const [head = '', next = ''] = await queued(2);
        await end(head, state);
        expect(await store.advanceLanes([LANE])).toEqual([]);
        expect(await store.mendLanes(10)).toEqual([]);
        expect(await under.look(next)).toMatchObject({ state: 'held', heldBy: 'lane' });
      });

      it('stays behind a head that will be tried again, and one whose lease ran out', async () => {
        const [head = '', next = ''] = await queued(2);
        const [row] = await store.claim([head], 'me', 1_000);
        await store.record([buildRecord(row ?? (await claimed()), { state: 'retrying', delayMs: 0, lane: LANE })]);
        await store.claim([head], 'me', 1_000);
        await under.pass(2_000);
        expect(await store.expireLeases()).toHaveLength(1);
        expect(await store.advanceLanes([LANE])).toEqual([]);
        expect(await under.look(next)).toMatchObject({ state: 'held' });
      });

      it('is mended when nobody moved it on', async () => {
        const [head = '', next = ''] = await queued(2);
        await end(head);
        expect(await store.mendLanes(10)).toEqual([{ spoke: 'erp', deliveryId: next }]);
        expect(await store.mendLanes(10)).toEqual([]);
      });

      it('gives the next step the place of its message in the lane of its own spoke', async () => {
        const [first, second, late] = [routed([{ laneKey: 'k' }]), routed([{ laneKey: 'x' }]), routed([{ spoke: 'crm', laneKey: 'k' }])];
        await accept(first);
        await accept(second, late);
        // The lane of crm is led by a later message; the step of the first waits for it, but goes before what comes then.
        const rows = await store.claim([...idsOf(first), ...idsOf(second)], 'me', LEASE_MS);
        const step = (row: ClaimedDelivery) => ({
          ...buildDelivery(row.messageId, { step: 1, spoke: 'crm', laneKey: 'k' }),
          ...{ messageId: row.messageId, source: row.source, createdAtMs: row.createdAtMs, replayId: null, replayOf: null },
        });
        const after = new Map(rows.map((row) => [row.id, step(row)]));
        for (const row of [...rows].sort((a, b) => (a.messageId < b.messageId ? 1 : -1))) {
          await store.record([buildRecord(row, { lane: { spoke: 'erp', key: row.laneKey ?? '' }, next: after.get(row.id) ?? null })]);
        }
        const [head = ''] = idsOf(late);
        const [leader] = await store.claim([head], 'me', LEASE_MS);
        await store.record([buildRecord(leader ?? (await claimed()), { lane: { spoke: 'crm', key: 'k' } })]);
        const firstStep = after.get(idsOf(first)[0] ?? '');
        expect(await store.advanceLanes([{ spoke: 'crm', key: 'k' }])).toEqual([{ spoke: 'crm', deliveryId: firstStep?.id }]);
      });

      it('lets a delivery whose accept failed or filtered it stay out of the lane', async () => {
        const one = routed([
          { laneKey: 'k', state: 'dead', reason: 'when failed' },
          { laneKey: 'k', state: 'skipped', reason: 'filtered' },
          { laneKey: 'k' },
        ]);
        await accept(one);
        const [dead = '', skipped = '', pending = ''] = idsOf(one);
        expect([await under.look(dead), await under.look(skipped), await under.look(pending)].map((row) => row?.state)).toEqual([
          'dead',
          'skipped',
          'pending',
        ]);
      });

      it('is not entered by a repeat', async () => {
        await accept(routed([{ laneKey: 'k' }], { idempotencyKeys: ['once'] }));
        await accept(routed([{ laneKey: 'k' }], { idempotencyKeys: ['once'] }), routed([{ laneKey: 'k2' }]));
        expect(await store.claimDue('erp', 10, 'me', LEASE_MS)).toHaveLength(2);
      });
    });

    describe('leases', () => {
      it('marks as leaving only what is still ours', async () => {
        const [mine, lost] = [await claimed(), await claimed({}, 10)];
        await under.pass(20);
        await store.expireLeases();
        expect(await store.markSending([mine, lost])).toEqual([mine.id]);
        expect(await store.markSending([{ ...mine, fence: mine.fence + 1 }])).toEqual([]);
        expect(await store.markSending([])).toEqual([]);
      });

      it('returns what had not left, and asks about what may have', async () => {
        const [quiet, sent, alive] = [await claimed({}, 1_000), await claimed({}, 1_000), await claimed()];
        await store.markSending([{ ...sent, input: Buffer.from('mapped') }]);
        await under.pass(2_000);
        const lost = await store.expireLeases();
        expect(new Map(lost.map(({ deliveryId, state, gaveUp }) => [deliveryId, { state, gaveUp }]))).toEqual(
          new Map([
            [quiet.id, { state: 'pending', gaveUp: false }],
            [sent.id, { state: 'unknown', gaveUp: false }],
          ]),
        );
        expect(await under.look(alive.id)).toMatchObject({ state: 'active' });
        expect(await under.look(quiet.id)).toMatchObject({ state: 'pending', reason: 'lease.expired', fence: 2 });
        expect(await under.look(sent.id)).toMatchObject({ state: 'unknown', reason: 'unanswered' });
        expect(await store.expireLeases()).toEqual([]);
        expect(await store.claim([sent.id], 'other', LEASE_MS)).toEqual([]);
        await under.pass(LOOKUP_SETTLE_MS);
        const again = await store.claim([quiet.id, sent.id], 'other', LEASE_MS);
        expect(new Map(again.map(({ id, sending }) => [id, sending]))).toEqual(
          new Map([
            [quiet.id, false],
            [sent.id, true],
          ]),
        );
        expect(Buffer.from(again.find(({ id }) => id === sent.id)?.input ?? []).toString()).toBe('mapped');
      });

      it('gives up what worker after worker is lost on, and leaves to a person what of it may have left', async () => {
        const [quiet, sent] = [await claimed({}, 1_000), await claimed({}, 1_000)];
        for (let lost = 1; lost <= LOST_MAX; lost++) {
          if (lost > 1) await under.pass(LOOKUP_SETTLE_MS);
          if (lost === 1) await store.markSending([sent]);
          else for (const { id } of [quiet, sent]) expect(await store.claim([id], 'me', 1_000)).toHaveLength(1);
          await under.pass(1_001);
          const gaveUp = (await store.expireLeases()).map((each) => each.gaveUp);
          expect(gaveUp).toEqual([lost === LOST_MAX, lost === LOST_MAX]);
        }
        expect(await under.look(quiet.id)).toMatchObject({ state: 'dead', reason: 'worker.lost' });
        expect(await under.look(sent.id)).toMatchObject({ state: 'unknown', reason: 'worker.lost' });
        await under.pass(86_400_000);
        expect(await store.claim([quiet.id, sent.id], 'me', LEASE_MS)).toEqual([]);
        expect(await store.ringDue(10, GRACE_MS)).toEqual([]);
      });

      it('hands out what lost worker after worker one at a time, and only by id: one of them may be what kills them', async () => {
        const rows = [await claimed({}, 1_000), await claimed({}, 1_000), await claimed({}, 1_000)];
        const ids = rows.map(({ id }) => id);
        await under.pass(1_001);
        await store.expireLeases();
        expect(await store.claim(ids, 'me', 1_000)).toHaveLength(3);
        await under.pass(1_001);
        await store.expireLeases();
        await under.pass(GRACE_MS);
        expect(await store.claimDue('erp', 10, 'me', LEASE_MS)).toEqual([]);
        for (let turn = 0; turn < 3; turn++) {
          const [one, ...more] = await store.claim(ids, 'me', LEASE_MS);
          expect(more).toEqual([]);
          if (one !== undefined) await store.record([buildRecord(one)]);
        }
        for (const id of ids) expect(await under.look(id)).toMatchObject({ state: 'succeeded' });
      });

      it('counts lost workers anew after any result of sending, and not after a lookup or what is only given back', async () => {
        const lose = async (id: string) => {
          const [row] = await store.claim([id], 'me', 1_000);
          if (row === undefined) throw new Error('not claimed');
          await under.pass(1_001);
          return (await store.expireLeases())[0]?.gaveUp;
        };
        const take = async (id: string) => (await store.claim([id], 'me', LEASE_MS))[0] ?? Promise.reject(new Error('not claimed'));
        const { id } = await claimed({}, 1_000);
        await under.pass(1_001);
        await store.expireLeases();
        for (let lost = 2; lost < LOST_MAX; lost++) expect(await lose(id)).toBe(false);
        await store.record([buildRecord(await take(id), { state: 'retrying', delayMs: 0 })]);
        for (let lost = 1; lost < LOST_MAX; lost++) expect(await lose(id)).toBe(false);
        await store.record([buildRecord(await take(id), { state: 'pending', delayMs: 0, attempt: null })]);
        await store.record([buildRecord(await take(id), { state: 'pending', delayMs: 0, lookup: true })]);
        expect(await lose(id)).toBe(true);
      });

      it('lives on while its owner renews it, and nobody else can', async () => {
        const row = await claimed({}, 10_000);
        await under.pass(8_000);
        expect(await store.renew([row], 'other', 10_000)).toEqual([]);
        expect(await store.renew([{ ...row, fence: row.fence + 1 }], 'me', 10_000)).toEqual([]);
        await under.pass(1_000);
        expect(await store.renew([row], 'me', 10_000)).toEqual([row.id]);
        await under.pass(8_000);
        expect(await store.expireLeases()).toEqual([]);
        await store.renew([row], 'other', 10_000);
        await under.pass(3_000);
        expect(await store.expireLeases()).toHaveLength(1);
        await store.renew([], 'me', 10_000);
      });
    });

    describe('sweep', () => {
      it('rings for what nobody was told of, after the grace and once per grace', async () => {
        const one = routed();
        await accept(one);
        expect(await store.ringDue(10, GRACE_MS)).toEqual([]);
        await under.pass(GRACE_MS + 1);
        expect(await store.ringDue(10, GRACE_MS)).toEqual([{ spoke: 'erp', deliveryId: idsOf(one)[0] }]);
        expect(await store.ringDue(10, GRACE_MS)).toEqual([]);
        await under.pass(GRACE_MS + 1);
        expect(await store.ringDue(10, GRACE_MS)).toHaveLength(1);
      });

      it('rings for a retry when its time comes', async () => {
        const row = await claimed();
        await store.record([buildRecord(row, { state: 'retrying', delayMs: 60_000 })]);
        await under.pass(59_000);
        expect(await store.ringDue(10, GRACE_MS)).toEqual([]);
        await under.pass(1_001);
        expect(await store.ringDue(10, GRACE_MS)).toEqual([{ spoke: 'erp', deliveryId: row.id }]);
      });

      it('rings for a bounded number of each spoke', async () => {
        await accept(...Array.from({ length: 5 }, () => routed([{ spoke: 'erp' }])), routed([{ spoke: 'crm' }]));
        await under.pass(GRACE_MS + 1);
        const rung = await store.ringDue(2, GRACE_MS);
        expect(rung.map(({ spoke }) => spoke).sort()).toEqual(['crm', 'erp', 'erp']);
      });

      it('lists what could be claimed now, rung or not', async () => {
        const [fresh, row] = [routed([{ spoke: 'crm' }]), await claimed()];
        await accept(fresh);
        await store.record([buildRecord(row, { state: 'retrying', delayMs: 10_000 })]);
        expect(await store.waiting(10)).toEqual([{ spoke: 'crm', deliveryId: idsOf(fresh)[0] }]);
        await under.pass(10_001);
        expect((await store.waiting(10)).map(({ spoke }) => spoke).sort()).toEqual(['crm', 'erp']);
        expect(await store.waiting(0)).toEqual([]);
      });

      it('holds what waits for a paused or disabled spoke, and nothing of others', async () => {
        const [row, other] = [await claimed(), routed([{ spoke: 'erp' }, { spoke: 'crm' }])];
        await accept(other);
        await under.setSpoke('erp', { paused: true, enabled: true });
        expect(await store.holdPaused()).toBe(1);
        expect(await under.look(row.id)).toMatchObject({ state: 'active' });
        await store.record([buildRecord(row, { state: 'retrying', delayMs: 3_600_000 })]);
        expect(await store.holdPaused()).toBe(1);
        expect(await under.look(row.id)).toMatchObject({ state: 'held', heldBy: 'pause' });
        expect(await store.claimDue('erp', 10, 'me', LEASE_MS)).toEqual([]);
        await under.setSpoke('erp', { paused: false, enabled: true });
        expect(await store.holdPaused()).toBe(0);
        await under.setSpoke('crm', { paused: false, enabled: false });
        expect(await store.holdPaused()).toBe(1);
        expect(await store.holdBroken()).toBe(0);
      });

      it('forgets expired keys, a bounded number at a time', async () => {
        const soon = { idempotencyExpiresAtMs: Date.now() + 1_000 };
        await accept(...['a', 'b', 'c'].map((key) => message({ idempotencyKeys: [key], ...soon })), message({ idempotencyKeys: ['kept'] }));
        await under.pass(120_000);
        expect(await store.forgetExpired(2)).toBe(2);
        expect(await store.forgetExpired(2)).toBe(1);
        expect(await store.forgetExpired(2)).toBe(0);
        expect((await accept(message({ idempotencyKeys: ['kept'] })))[0]?.duplicateOf).not.toBeNull();
      });

      it('makes partitions again and again', async () => {
        await store.makePartitions();
        await store.makePartitions();
      });
    });
  });
}
