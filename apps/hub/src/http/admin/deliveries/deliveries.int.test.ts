import { type BellEntry, DELIVERY_STATES, type DeliveryState, RETRY_PRESETS } from '@nave/core';
import { decodeOutput } from '@nave/pipeline';
import { type SeedDelivery, seedMessage } from '@nave/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AdminFixture, adminFixture } from '../admin-fixture.ts';

const rung: BellEntry[] = [];
let hub: AdminFixture;
let operator: string;
let multiStep = '';
const NEXT = '01a1fd7f-f248-7ed2-bdac-25ed27010a1f';

beforeAll(async () => {
  hub = await adminFixture({
    planNextStep: async (place) =>
      place.deliveryId === multiStep ? { id: NEXT, step: 1, stepName: 'ship', spoke: 'crm', operation: 'send' } : null,
    retryPolicyOf: (spoke) => (spoke === 'erp' ? RETRY_PRESETS['standard-webhooks'] : null),
    bell: { ring: (entries) => void rung.push(...entries), healthy: () => true, close: async () => {} },
  });
  operator = await hub.keyFor('operator');
});

afterAll(() => hub.close());

async function seed(delivery: SeedDelivery): Promise<string> {
  const key = await hub.deps.sealer.keyFor('spoke:shop', hub.deps.clock.now());
  const { deliveryIds } = await seedMessage(hub.db.hot, { atMs: hub.deps.clock.now(), deliveries: [delivery] }, key.seal);
  return deliveryIds[0] ?? '';
}

const act = (id: string, action: string, body?: unknown) =>
  hub.call('POST', `deliveries/${id}/${action}`, { key: operator, ...(body === undefined ? {} : { body }) });

describe('interventions', () => {
  const allowed: Record<string, { from: DeliveryState[]; to: DeliveryState }> = {
    retry: { from: ['dead'], to: 'pending' },
    skip: { from: ['dead'], to: 'skipped' },
    cancel: { from: ['pending', 'retrying', 'held', 'unknown', 'dead'], to: 'cancelled' },
    approve: { from: ['held'], to: 'pending' },
    reject: { from: ['held'], to: 'cancelled' },
  };
  it.each(Object.keys(allowed))('%s works in the states of the contract and answers 409 in all others', async (action) => {
    for (const state of DELIVERY_STATES) {
      const id = await seed({ state, heldBy: state === 'held' ? 'approval' : null });
      const { status, body } = await act(id, action);
      if (allowed[action]?.from.includes(state))
        expect([state, status, body.state, body.id]).toEqual([state, 200, allowed[action]?.to, id]);
      else expect([state, status, body.code, body.detail.includes(state)]).toEqual([state, 409, 'state.conflict', true]);
    }
  });

  it('names what is possible instead', async () => {
    const dead = await act(await seed({ state: 'dead' }), 'approve');
    expect(dead.body.detail).toBe('The delivery is dead; approve is not possible. Possible now: retry, skip, cancel.');
    const paused = await act(await seed({ state: 'held', heldBy: 'pause' }), 'approve');
    expect(paused.body.detail).toBe('The delivery is held (by pause); approve is not possible. Possible now: cancel.');
    expect((await act(await seed({ state: 'succeeded' }), 'retry')).body.detail).toContain('Nothing is possible');
  });

  it('rings for what became due, and audits what was done', async () => {
    const id = await seed({ state: 'dead' });
    rung.length = 0;
    await act(id, 'retry');
    expect(rung).toEqual([{ spoke: 'erp', deliveryId: id }]);
    const { body } = await hub.call('GET', `audit?subject=delivery:${id}`);
    expect(body.items.map((item: { action: string; actor: string }) => [item.action, item.actor])).toEqual([
      ['delivery.retry', 'key:operator key'],
    ]);
  });

  it('goes on with the next step when a person says that a step was done, once', async () => {
    multiStep = await seed({ state: 'unknown' });
    rung.length = 0;
    expect((await act(multiStep, 'resolve', { outcome: 'done' })).status).toBe(200);
    expect(rung).toEqual([{ spoke: 'crm', deliveryId: NEXT }]);
    const [before, next] = await Promise.all([multiStep, NEXT].map((id) => hub.db.prisma.delivery.findUniqueOrThrow({ where: { id } })));
    expect(next).toMatchObject({
      messageId: before?.messageId,
      step: 1,
      stepName: 'ship',
      spoke: 'crm',
      operation: 'send',
      state: 'pending',
    });
    expect((await act(multiStep, 'resolve', { outcome: 'done' })).status).toBe(409);
  });

  it('resolves an unknown outcome: done keeps the answer a person gives, notDone sends again', async () => {
    const done = await seed({ state: 'unknown' });
    const answer = await act(done, 'resolve', { outcome: 'done', output: { number: 7 } });
    expect([answer.status, answer.body.state]).toEqual([200, 'succeeded']);
    const row = await hub.db.prisma.delivery.findUniqueOrThrow({ where: { id: done } });
    const output = decodeOutput(await hub.deps.sealer.open(row.output ?? new Uint8Array(0), `delivery:${done}:output`));
    expect(Buffer.from(output.body).toString()).toBe('{"number":7}');
    const notDone = await seed({ state: 'unknown' });
    rung.length = 0;
    expect((await act(notDone, 'resolve', { outcome: 'notDone' })).body.state).toBe('pending');
    expect(rung).toEqual([{ spoke: 'erp', deliveryId: notDone }]);
    expect((await act(notDone, 'resolve', { outcome: 'done' })).status).toBe(409);
    for (const body of [{ outcome: 'perhaps' }, {}, { outcome: 'notDone', output: 1 }, { outcome: 'done', more: 1 }]) {
      expect((await act(notDone, 'resolve', body)).status).toBe(422);
    }
  });

  it('answers 404 for what is not there and 403 to viewers', async () => {
    expect((await act('019aa000-0000-7000-8000-000000000000', 'retry')).status).toBe(404);
    const viewer = await hub.keyFor('viewer');
    expect((await hub.call('POST', `deliveries/${await seed({ state: 'dead' })}/retry`, { key: viewer })).status).toBe(403);
  });
});

describe('GET /deliveries/{id}', () => {
  const shown = async (delivery: SeedDelivery) => (await hub.call('GET', `deliveries/${await seed(delivery)}`)).body;
  const failed = { outcome: 'fault' as const, status: 500 };

  it('says when the attempts that are left will be made', async () => {
    const { schedule, nextAttemptAt } = await shown({ state: 'retrying', attempts: [failed] });
    expect(schedule.map(({ attempt }: { attempt: number }) => attempt)).toEqual([2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(schedule[0].at).toBe(nextAttemptAt);
    expect(Date.parse(schedule[1].at) - Date.parse(schedule[0].at)).toBe(300_000);
    expect((await shown({ state: 'pending' })).schedule).toHaveLength(10);
    for (const state of ['held', 'unknown', 'dead', 'succeeded'] as const) expect((await shown({ state })).schedule).toEqual([]);
    expect((await shown({ state: 'retrying', spoke: 'gone' })).schedule).toEqual([]);
  });

  it('offers a person what is possible, and both choices where the outcome is unknown', async () => {
    expect(await shown({ state: 'unknown', reason: 'lookup.failed' })).toMatchObject({
      reason: 'lookup.failed',
      actions: ['cancel', 'resolve'],
      choices: ['done', 'notDone'],
    });
    expect(await shown({ state: 'dead' })).toMatchObject({ actions: ['retry', 'skip', 'cancel'], choices: [] });
    expect(await shown({ state: 'held', heldBy: 'approval' })).toMatchObject({ actions: ['cancel', 'approve', 'reject'], choices: [] });
    expect(await shown({ state: 'succeeded' })).toMatchObject({ actions: [], choices: [] });
  });
});

describe('GET /deliveries', () => {
  it('filters by state, spoke, route and message and pages', async () => {
    const ids = [await seed({ state: 'dead', spoke: 'only', route: 'r1' }), await seed({ state: 'dead', spoke: 'only', route: 'r2' })];
    const first = await hub.call('GET', 'deliveries?state=dead,unknown&spoke=only&limit=1');
    const second = await hub.call('GET', `deliveries?state=dead,unknown&spoke=only&limit=1&cursor=${first.body.nextCursor}`);
    expect([first, second].flatMap(({ body }) => body.items.map((item: { id: string }) => item.id))).toEqual([...ids].sort().reverse());
    expect(second.body.nextCursor).toBeNull();
    expect((await hub.call('GET', 'deliveries?state=dead&spoke=only&route=r1')).body.items[0].id).toBe(ids[0]);
    const { messageId } = first.body.items[0];
    expect((await hub.call('GET', `deliveries?messageId=${messageId}`)).body.items).toHaveLength(1);
    expect((await hub.call('GET', `deliveries/${ids[0]}`)).body.id).toBe(ids[0]);
    for (const query of ['state=nope', 'messageId=1', 'from=x', 'limit=1.5'])
      expect((await hub.call('GET', `deliveries?${query}`)).status).toBe(400);
  });
});
