/** A delivery that kills whatever worker sends it: it is given up after five, and everything else arrives. */
import { afterEach, expect, it } from 'vitest';
import { accountFor, describeAccount } from '../harness/accounting.ts';
import { flow } from '../harness/flow.ts';
import { answerOf, type HubProcess } from '../harness/hub-process.ts';
import { textAt } from '../harness/json.ts';
import { startLoad } from '../harness/load.ts';
import { onBothQueues } from '../harness/queue-backends.ts';
import { configureOrders, openScene, type Scene } from '../harness/scene.ts';
import { countOf, sql } from '../harness/sql.ts';
import { waitFor } from '../harness/wait-for.ts';

/** Workers that one delivery may take with it. */
const LOST_MAX = 5;

onBothQueues('a delivery that kills its worker', (queue) => {
  let scene: Scene | null = null;
  let ending = false;
  afterEach(async () => {
    ending = true;
    await scene?.close();
    scene = null;
  });

  it('is dead after five of them, with its reason; nothing else is lost or given up', async () => {
    const here = await openScene(queue, 'external');
    scene = here;
    ending = false;
    const { sink } = here;
    const hub = await here.start('hub', { NAVE_ROLE: 'hub' });
    let worker: HubProcess | null = null;
    let killed = 0;
    async function keepAWorker(): Promise<void> {
      while (!ending) {
        worker = await here.spawn('worker', { NAVE_ROLE: 'worker', NAVE_LEASE: '2s' });
        await worker.exited;
      }
    }
    void keepAWorker();
    await configureOrders(hub, sink);
    sink.watch(({ body }) => {
      if (!body.includes('"poison"')) return;
      killed += 1;
      worker?.kill('SIGKILL');
    });
    const load = startLoad({ urls: [`${hub.url}/hooks/shop`], perSecond: 20 });
    await flow(here, 20);
    const poison = await answerOf(
      await fetch(`${hub.url}/hooks/shop`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: '{"id":"poison","type":"order.created","total":5}',
      }),
    );
    const messageId = textAt(poison.body, 'messageId');
    const url = here.databaseUrl();
    const dead = () => countOf(url, `SELECT count(*) AS n FROM delivery WHERE message_id = $1 AND state = 'dead'`, [messageId]);
    // It pauses like any other when what it fails of beside a dying worker is not the death.
    await waitFor('it is given up', 240_000, async () => (await dead()) === 1).catch(async (error: unknown) => {
      const rows = await sql(url, 'SELECT state, reason, attempt_count, lost, due_at, lease_owner FROM delivery WHERE message_id = $1', [
        messageId,
      ]);
      throw new Error(`after ${killed} workers: ${JSON.stringify(rows)}`, { cause: error });
    });
    expect(killed).toBe(LOST_MAX);
    await flow(here, 20, 60_000);
    const ledger = await load.finish();
    const open = () => countOf(url, `SELECT count(*) AS n FROM delivery WHERE state NOT IN ('succeeded', 'dead')`);
    // Those that failed twice beside a dying worker on a busy machine pause for up to 80 s.
    await waitFor('no delivery is open', 240_000, async () => (await open()) === 0);
    expect(await sql(url, `SELECT message_id, reason FROM delivery WHERE state = 'dead'`)).toEqual([
      { message_id: messageId, reason: 'worker.lost' },
    ]);
    const account = accountFor(
      ledger,
      sink.arrivals.filter(({ body }) => !body.includes('"poison"')),
    );
    console.log(describeAccount(`poison delivery, ${killed} workers killed [${queue.name}]`, account));
    expect({ lost: account.lost, doubled: account.doubled, contradictions: ledger.contradictions }).toEqual({
      lost: [],
      doubled: [],
      contradictions: [],
    });
    expect(account.delivered).toBe(account.sent);
  });
});
