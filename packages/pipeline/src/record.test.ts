import { type BellEntry, HubError, type MessageStore } from '@nave/core';
import { buildDelivery, buildMessage, buildRecord, fakeClock, fakeIds, memoryMessageStore, recordingBell } from '@nave/testkit';
import { describe, expect, it } from 'vitest';
import { createRecorder } from './record.ts';

async function claimedOne() {
  const clock = fakeClock();
  const store = memoryMessageStore(clock);
  const id = fakeIds().next(clock.now());
  const delivery = buildDelivery(id);
  await store.accept([buildMessage(id, { deliveries: [delivery] })], clock.now());
  const [claimed] = await store.claim([delivery.id], 'me', 1_000);
  if (claimed === undefined) throw new Error('not claimed');
  return { store, claimed, bell: recordingBell() };
}

it('records, and rings for the next step after its row is there', async () => {
  const { store, claimed, bell } = await claimedOne();
  const { messageId, source, createdAtMs } = claimed;
  const next = {
    ...buildDelivery(messageId, { step: 1, spoke: 'crm' }),
    ...{ messageId, source, createdAtMs, replayId: null, replayOf: null },
  };
  const recorder = createRecorder(store, bell);
  expect(await recorder.record(buildRecord(claimed, { next }))).toBe(true);
  expect(store.deliveries.get(next.id)).toMatchObject({ state: 'pending' });
  expect(bell.rung).toEqual([{ spoke: 'crm', deliveryId: next.id }]);
  await recorder.drained();
});

it('says so and rings for nothing when the lease was lost', async () => {
  const { store, claimed, bell } = await claimedOne();
  const { messageId, source, createdAtMs } = claimed;
  const next = { ...buildDelivery(messageId, { step: 1 }), ...{ messageId, source, createdAtMs, replayId: null, replayOf: null } };
  expect(await createRecorder(store, bell).record(buildRecord({ ...claimed, fence: 9 }, { next }))).toBe(false);
  expect(bell.rung).toEqual([]);
});

it('refuses only the result that cannot be stored, and tells when the store is away', async () => {
  const { store, claimed, bell } = await claimedOne();
  const picky: MessageStore = {
    ...store,
    record: async (batch) => {
      if (batch.some(({ reason }) => reason === 'bad')) throw new HubError('hub.internal');
      return store.record(batch);
    },
  };
  const recorder = createRecorder(picky, bell);
  const [good, bad] = await Promise.allSettled([
    recorder.record(buildRecord(claimed)),
    recorder.record(buildRecord(claimed, { reason: 'bad' })),
  ]);
  expect([good.status, bad.status]).toEqual(['fulfilled', 'rejected']);
  store.setDown(true);
  await expect(recorder.record(buildRecord(claimed))).rejects.toMatchObject({ code: 'store.unavailable' });
});

describe('lanes', () => {
  const LANE = { spoke: 'erp', key: 'k' };

  /** Two deliveries of one lane; the first is claimed. */
  async function twoOfOneLane() {
    const clock = fakeClock();
    const store = memoryMessageStore(clock);
    const ids = fakeIds();
    const [head, next] = [1, 2].map(() => {
      const id = ids.next(clock.now());
      return buildMessage(id, { deliveries: [buildDelivery(id, { laneKey: 'k' })] });
    });
    if (head === undefined || next === undefined) throw new Error('no messages');
    await store.accept([head, next], clock.now());
    const [claimed] = await store.claim([head.deliveries[0]?.id ?? ''], 'me', 1_000);
    if (claimed === undefined) throw new Error('not claimed');
    return { store, claimed, next: next.deliveries[0]?.id ?? '' };
  }

  it('offers the next of the lane to this process once the head is recorded, without holding up the result', async () => {
    const { store, claimed, next } = await twoOfOneLane();
    const offered: BellEntry[] = [];
    let moveOn: () => void = () => undefined;
    const slow: MessageStore = {
      ...store,
      advanceLanes: async (lanes) => {
        await new Promise<void>((resolve) => {
          moveOn = resolve;
        });
        return store.advanceLanes(lanes);
      },
    };
    const bell = recordingBell();
    const recorder = createRecorder(slow, bell, { offer: (entries) => void offered.push(...entries) });
    expect(await recorder.record(buildRecord(claimed, { lane: LANE }))).toBe(true);
    expect(offered).toEqual([]);
    const look = () => {
      moveOn();
      return offered;
    };
    await expect.poll(look).toEqual([{ spoke: 'erp', deliveryId: next }]);
    await recorder.drained();
    expect(bell.rung).toEqual([]);
  });

  it('rings when nobody takes offers', async () => {
    const { store, claimed, next } = await twoOfOneLane();
    const bell = recordingBell();
    const recorder = createRecorder(store, bell);
    await recorder.record(buildRecord(claimed, { lane: LANE }));
    await recorder.drained();
    expect(bell.rung).toEqual([{ spoke: 'erp', deliveryId: next }]);
  });

  it('leaves the lane alone while its head goes on, and when the lease was lost', async () => {
    const { store, claimed } = await twoOfOneLane();
    let asked = 0;
    const watched: MessageStore = {
      ...store,
      advanceLanes: async () => {
        asked += 1;
        return [];
      },
    };
    const recorder = createRecorder(watched, recordingBell());
    expect(await recorder.record(buildRecord({ ...claimed, fence: 9 }, { lane: LANE }))).toBe(false);
    expect(await recorder.record(buildRecord(claimed, { state: 'retrying', delayMs: 10, lane: LANE }))).toBe(true);
    await recorder.drained();
    expect(asked).toBe(0);
  });

  it('keeps the result when the lane cannot be moved on, and says so', async () => {
    const { store, claimed } = await twoOfOneLane();
    const left: string[] = [];
    const broken: MessageStore = { ...store, advanceLanes: async () => Promise.reject(new HubError('store.unavailable')) };
    const recorder = createRecorder(broken, recordingBell(), { onLaneLeft: (reason) => void left.push(reason) });
    expect(await recorder.record(buildRecord(claimed, { lane: LANE }))).toBe(true);
    await recorder.drained();
    await expect.poll(() => left).toHaveLength(1);
  });
});
