import { type BellEntry, type NewMessage, uuidV7 } from '@nave/core';
import { createMessageStore } from '@nave/store';
import { buildDelivery, buildMessage, buildRecord } from '@nave/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AdminFixture, adminFixture } from '../admin-fixture.ts';

const rung: BellEntry[] = [];
let hub: AdminFixture;
let store: ReturnType<typeof createMessageStore>;
let operator: string;
let count = 0;

beforeAll(async () => {
  hub = await adminFixture({ bell: { ring: (entries) => void rung.push(...entries), healthy: () => true, close: async () => {} } });
  store = createMessageStore(hub.db.hot);
  operator = await hub.keyFor('operator');
});
afterAll(() => hub.close());

/** Messages for one lane, in order; gives the ids of their deliveries. */
async function queued(spoke: string, key: string, n: number): Promise<string[]> {
  const batch: NewMessage[] = Array.from({ length: n }, () => {
    count += 1;
    const entropy = Buffer.alloc(10);
    entropy.writeUInt32BE(count, 6);
    const id = uuidV7(Date.now(), entropy);
    return buildMessage(id, { deliveries: [buildDelivery(id, { spoke, laneKey: key })] });
  });
  await store.accept(batch, Date.now());
  return batch.flatMap(({ deliveries }) => deliveries.map(({ id }) => id));
}

async function park(spoke: string, key: string, head: string): Promise<void> {
  const [row] = await store.claim([head], 'me', 30_000);
  if (row === undefined) throw new Error('not claimed');
  await store.record([buildRecord(row, { state: 'dead', reason: 'rejected', lane: { spoke, key } })]);
  await store.advanceLanes([{ spoke, key }]);
}

const act = (id: string, action: string) => hub.call('POST', `deliveries/${id}/${action}`, { key: operator });

describe('GET /lanes', () => {
  it('shows what a parked lane waits for, why, since when and how many', async () => {
    const [head = '', next = ''] = await queued('erp', 'c1', 4);
    await park('erp', 'c1', head);
    await queued('erp', 'moving', 2);
    await queued('erp', 'alone', 1);
    const { status, body } = await hub.call('GET', 'lanes?state=parked');
    expect(status).toBe(200);
    expect(body).toEqual({
      items: [
        {
          spoke: 'erp',
          key: 'c1',
          blockedBy: head,
          waiting: 3,
          since: expect.any(String),
          parked: true,
          state: 'dead',
          reason: 'rejected',
        },
      ],
      nextCursor: null,
    });
    const all = await hub.call('GET', 'lanes?spoke=erp');
    expect(all.body.items.map((lane: { key: string; parked: boolean; waiting: number }) => [lane.key, lane.parked, lane.waiting])).toEqual([
      ['c1', true, 3],
      ['moving', false, 1],
    ]);
    const waiting = await hub.call('GET', `deliveries/${next}`);
    expect(waiting.body).toMatchObject({ state: 'held', heldBy: 'lane', blockedBy: head });
    const message = await hub.call('GET', `messages/${waiting.body.messageId}`);
    expect(message.body.timeline.map(({ event }: { event: string }) => event)).toContain('delivery.waits');
  });

  it.each([
    ['skip', 'skipped'],
    ['cancel', 'cancelled'],
  ])('%s of the blocking delivery releases the next and rings for it', async (action, state) => {
    const [head = '', next = ''] = await queued('crm', action, 2);
    await park('crm', action, head);
    rung.length = 0;
    expect((await act(head, action)).body.state).toBe(state);
    expect(rung).toEqual([{ spoke: 'crm', deliveryId: next }]);
    expect((await hub.call('GET', `deliveries/${next}`)).body).toMatchObject({ state: 'pending', heldBy: null, blockedBy: null });
    expect((await hub.call('GET', 'lanes?state=parked&spoke=crm')).body.items).toEqual([]);
  });

  it('retry of the blocking delivery sends it again before the others', async () => {
    const [head = '', next = ''] = await queued('crm', 'retried', 2);
    await park('crm', 'retried', head);
    rung.length = 0;
    expect((await act(head, 'retry')).body).toMatchObject({ state: 'pending', heldBy: null });
    expect(rung).toEqual([{ spoke: 'crm', deliveryId: head }]);
    expect((await hub.call('GET', `deliveries/${next}`)).body).toMatchObject({ state: 'held', blockedBy: head });
  });

  it('pages by spoke and key, and refuses the cursor of another filter', async () => {
    for (const key of ['a', 'b', 'c']) await queued('pages', key, 2);
    const keys: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const { body }: { body: { items: { key: string }[]; nextCursor: string | null } } = await hub.call(
        'GET',
        `lanes?spoke=pages&limit=2${cursor === '' ? '' : `&cursor=${cursor}`}`,
      );
      keys.push(...body.items.map(({ key }) => key));
      cursor = body.nextCursor;
      if (cursor !== null) expect((await hub.call('GET', `lanes?limit=2&cursor=${cursor}`)).status).toBe(400);
    }
    expect(keys).toEqual(['a', 'b', 'c']);
    for (const query of ['state=moving', 'limit=0', 'spoke=', 'other=1'])
      expect((await hub.call('GET', `lanes?${query}`)).status).toBe(400);
  });
});

describe('cancelling everything of a spoke', () => {
  it('lets go the lanes of the deliveries it cancelled', async () => {
    const [head = '', next = ''] = await queued('gone', 'k', 2);
    await hub.call('PUT', 'spokes/gone', { body: { kind: 'source' } });
    expect((await hub.call('DELETE', 'spokes/gone?force=true')).status).toBe(204);
    for (const id of [head, next]) expect((await hub.call('GET', `deliveries/${id}`)).body.state).toBe('cancelled');
    expect((await hub.db.hot.query(`SELECT * FROM lane WHERE spoke = 'gone'`)).rows).toEqual([]);
  });
});
