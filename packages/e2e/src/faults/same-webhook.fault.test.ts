/** The same webhook five times at once, also over two hubs: one message, one delivery, five equal answers. */
import { afterEach, expect, it } from 'vitest';
import { answerOf } from '../harness/hub-process.ts';
import { at } from '../harness/json.ts';
import { onBothQueues } from '../harness/queue-backends.ts';
import { configureOrders, openScene, type Scene } from '../harness/scene.ts';
import { countOf } from '../harness/sql.ts';
import { waitFor } from '../harness/wait-for.ts';

const WEBHOOKS = 120;
const TIMES = 5;

onBothQueues('the same webhook five times at once', (queue) => {
  let scene: Scene | null = null;
  afterEach(async () => {
    await scene?.close();
    scene = null;
  });

  it('becomes one message and one delivery, over two hubs on one database', async () => {
    scene = await openScene(queue, 'external');
    const { sink } = scene;
    const first = await scene.start('first', { NAVE_ROLE: 'hub' });
    const second = await scene.start('second', { NAVE_ROLE: 'hub' });
    await scene.start('worker', { NAVE_ROLE: 'worker' });
    await configureOrders(first, sink);
    let probes = 0;
    await waitFor('the second hub knows spokes and routes', 60_000, async () => {
      probes += 1;
      await send(second.url, `probe-${probes}`);
      return sink.arrivals.length > 0;
    });
    const answers = new Map<string, Awaited<ReturnType<typeof send>>[]>();
    for (let from = 0; from < WEBHOOKS; from += 20) {
      const ids = Array.from({ length: 20 }, (_, index) => `same-${from + index}`);
      const all = ids.flatMap((id) => Array.from({ length: TIMES }, (_, turn) => send(turn % 2 === 0 ? first.url : second.url, id)));
      for (const answer of await Promise.all(all)) answers.set(answer.id, [...(answers.get(answer.id) ?? []), answer]);
    }
    const ids = new Set<unknown>();
    for (const five of answers.values()) {
      expect(five.map(({ status }) => status)).toEqual([202, 202, 202, 202, 202]);
      expect(new Set(five.map(({ messageId }) => messageId)).size).toBe(1);
      expect(five.filter(({ duplicate }) => !duplicate)).toHaveLength(1);
      ids.add(five[0]?.messageId);
    }
    expect(ids.size).toBe(WEBHOOKS);
    const arrived = () => sink.arrivals.filter(({ body }) => body.includes('"same-'));
    await waitFor('all have arrived', 60_000, () => arrived().length >= WEBHOOKS);
    const url = scene.databaseUrl();
    await waitFor(
      'nothing is open',
      60_000,
      async () => (await countOf(url, `SELECT count(*) AS n FROM delivery WHERE state <> 'succeeded'`)) === 0,
    );
    expect(arrived()).toHaveLength(WEBHOOKS);
    expect(new Set(arrived().map(({ key }) => key)).size).toBe(WEBHOOKS);
    expect(await countOf(url, `SELECT count(*) AS n FROM message WHERE idempotency_key LIKE 'same-%'`)).toBe(WEBHOOKS);
    console.log(
      `same webhook five times at once [${queue.name}]: sent ${WEBHOOKS * TIMES}, messages ${ids.size}, delivered ${arrived().length}`,
    );
  });
});

async function send(url: string, id: string): Promise<{ id: string; status: number; messageId: unknown; duplicate: boolean }> {
  const body = JSON.stringify({ id, type: 'order.created', total: 5 });
  const answer = await answerOf(
    await fetch(`${url}/hooks/shop`, { method: 'POST', headers: { 'content-type': 'application/json' }, body }),
  );
  return { id, status: answer.status, messageId: at(answer.body, 'messageId'), duplicate: at(answer.body, 'duplicate') === true };
}
