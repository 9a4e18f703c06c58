import { LOST_MAX } from '@nave/core';
import { buildDelivery, buildMessage, fakeClock, fakeIds, memoryMessageStore, recordingBell, recordingLogger } from '@nave/testkit';
import { expect, it } from 'vitest';
import { createSweep } from './sweep.ts';

function set() {
  const clock = fakeClock();
  const store = memoryMessageStore(clock);
  const [bell, logger, ids] = [recordingBell(), recordingLogger(), fakeIds()];
  const accept = async (spoke = 'erp') => {
    const id = ids.next(clock.now());
    const delivery = buildDelivery(id, { spoke });
    await store.accept([buildMessage(id, { deliveries: [delivery] })], clock.now());
    return delivery.id;
  };
  return { clock, store, bell, logger, accept, sweep: createSweep({ store, bell, logger }) };
}

it('rings for rows nobody was told of, and tells the sweeping process itself', async () => {
  const { clock, bell, accept, sweep } = set();
  const deliveryId = await accept();
  expect(await sweep.due()).toEqual([]);
  clock.advance(5_001);
  expect(await sweep.due()).toEqual([{ spoke: 'erp', deliveryId }]);
  expect(bell.rung).toEqual([{ spoke: 'erp', deliveryId }]);
});

it('rings for what came back from a lost lease, and not for what waits for a person', async () => {
  const { clock, store, bell, logger, accept, sweep } = set();
  const [quiet, sent] = [await accept(), await accept()];
  const claimed = await store.claim([quiet, sent], 'me', 1_000);
  await store.markSending(claimed.filter(({ id }) => id === sent));
  clock.advance(1_001);
  await sweep.recover();
  expect(bell.rung.map(({ deliveryId }) => deliveryId)).toEqual([quiet]);
  expect(logger.lines.map(({ fields }) => fields['state']).sort()).toEqual(['pending', 'unknown']);
});

it('says aloud that a delivery is given up after worker upon worker was lost on it, and does not ring for it', async () => {
  const { clock, store, bell, logger, accept, sweep } = set();
  const deliveryId = await accept();
  for (let lost = 0; lost < LOST_MAX; lost++) {
    await store.claim([deliveryId], 'me', 1_000);
    clock.advance(1_001);
    await sweep.recover();
  }
  expect(logger.lines.map(({ level }) => level)).toEqual([...Array.from({ length: LOST_MAX - 1 }, () => 'warn'), 'error']);
  expect(store.deliveries.get(deliveryId)).toMatchObject({ state: 'dead', reason: 'worker.lost' });
  expect(bell.rung).toHaveLength(LOST_MAX - 1);
});

it('holds what waits for a paused spoke', async () => {
  const { store, accept, sweep } = set();
  const deliveryId = await accept();
  store.setSpoke('erp', { paused: true, enabled: true });
  await sweep.recover();
  expect(store.deliveries.get(deliveryId)).toMatchObject({ state: 'held', heldBy: 'pause' });
});
