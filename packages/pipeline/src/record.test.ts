import { HubError, type MessageStore } from '@nave/core';
import { buildDelivery, buildMessage, buildRecord, fakeClock, fakeIds, memoryMessageStore, recordingBell } from '@nave/testkit';
import { expect, it } from 'vitest';
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
