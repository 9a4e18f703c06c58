/** Somebody spoils the tickets in the queue: wrong shapes, ids of nothing, wrong spokes, far too many. Workers go on and everything is delivered, once. */
import { randomUUID } from 'node:crypto';
import { afterEach, expect, it } from 'vitest';
import { flow } from '../harness/flow.ts';
import { startLoad } from '../harness/load.ts';
import { onBothQueues, type QueueUnderTest } from '../harness/queue-backends.ts';
import { configureOrders, openScene, type Scene } from '../harness/scene.ts';
import { settle } from '../harness/settle.ts';
import { countOf, sql } from '../harness/sql.ts';
import { waitFor } from '../harness/wait-for.ts';

const TICKETS_MIN = 30;

/** What a ticket may become. @param known ids of deliveries that are done or wait */
function poisons(known: readonly string[]): string[] {
  const some = known.slice(0, 40);
  return [
    ...[
      'null',
      '[]',
      '""',
      '17',
      '{}',
      '{"v":1}',
      '{"v":1,"d":{}}',
      '{"v":1,"d":[1,null,[],["erp"],[{},{}]]}',
      '{"v":2,"d":[["erp","x"]]}',
    ],
    JSON.stringify({ v: 1, d: some.map(() => ['erp', randomUUID()]) }),
    JSON.stringify({ v: 1, d: some.map((id) => ['erp', `${id}'; DROP TABLE delivery; --`]) }),
    JSON.stringify({ v: 1, d: some.map((id) => ['no-such-spoke', id]) }),
    JSON.stringify({ v: 1, d: some.map((id) => ['__proto__', id]) }),
    JSON.stringify({ v: 1, d: some.flatMap((id) => Array.from({ length: 5 }, () => ['erp', id])) }),
    JSON.stringify({
      v: 1,
      d: [
        ['erp', 'x'.repeat(1_000_000)],
        ['x'.repeat(100_000), 'y'],
        ['erp', '\u0000'],
      ],
    }),
    JSON.stringify({ v: 1, d: Array.from({ length: 100_000 }, () => ['erp', randomUUID()]) }),
    `{"v":1,"d":${'['.repeat(2_000)}${']'.repeat(2_000)}}`,
  ];
}

onBothQueues('tickets spoilt by hand', (queue) => {
  let scene: Scene | null = null;
  afterEach(async () => {
    await scene?.close();
    scene = null;
  });

  it('stop no worker and lose nothing', async () => {
    scene = await openScene(queue, 'external');
    const { sink } = scene;
    const hub = await scene.start('hub', { NAVE_ROLE: 'hub' });
    await configureOrders(hub, sink);
    const url = scene.databaseUrl();
    const load = startLoad({ urls: [`${hub.url}/hooks/shop`], perSecond: 60 });
    // Nobody hears: tickets pile up.
    await waitFor('tickets wait', 60_000, async () => (await ticketIds(queue, url)).length >= TICKETS_MIN);
    const known = (await sql(url, 'SELECT id FROM delivery LIMIT 200')).map(({ id }) => String(id));
    const tickets = await ticketIds(queue, url);
    // What PostgreSQL's jsonb does not take cannot get into its queue either.
    const data = poisons(known).filter((text) => queue.name === 'Redis' || !text.includes('\\u0000'));
    for (const [n, ticket] of tickets.entries()) await spoil(queue, url, ticket, data[n % data.length] ?? 'null');

    const worker = await scene.start('worker', { NAVE_ROLE: 'worker' });
    await flow(scene, 100);
    const ledger = await load.finish();
    await settle(`spoilt tickets [${queue.name}]`, scene, ledger, { timeoutMs: 60_000, repeatsMax: 0 });
    expect(worker.running()).toBe(true);
    expect(await countOf(url, 'SELECT count(*) AS n FROM delivery')).toBe(ledger.acknowledged.size);
    await waitFor('no spoilt ticket is left', 60_000, async () => (await ticketIds(queue, url)).length === 0);
  });
});

/** Tickets that wait in the queue, by BullMQ's own names for them: numbers on Redis, rows on PostgreSQL. */
async function ticketIds(queue: QueueUnderTest, url: string): Promise<string[]> {
  const redis = queue.redis();
  if (redis === null) return (await sql(url, `SELECT id FROM ${JOBS} WHERE queue = 'tickets' ORDER BY seq`)).map(({ id }) => String(id));
  return (await redis.list('LRANGE', '{nave}:tickets:wait', '0', '-1')).filter((id) => /^\d+$/.test(id));
}

async function spoil(queue: QueueUnderTest, url: string, ticket: string, data: string): Promise<void> {
  const redis = queue.redis();
  if (redis === null) await sql(url, `UPDATE ${JOBS} SET data = $2::jsonb WHERE id = $1`, [ticket, data]);
  else await redis.command('HSET', `{nave}:tickets:${ticket}`, 'data', data);
}

const JOBS = 'nave_queue.job';
