/**
 * The disk of PostgreSQL is full (53100), found out when a row is written or only at the commit: callers hear 503, what was acknowledged stays, results of
 * deliveries under way wait, and all goes on without a restart when there is room again.
 */
import { afterEach, expect, it } from 'vitest';
import { flow } from '../harness/flow.ts';
import { startLoad } from '../harness/load.ts';
import { onBothQueues } from '../harness/queue-backends.ts';
import { CONCURRENCY, configureOrders, openScene, type Scene } from '../harness/scene.ts';
import { settle } from '../harness/settle.ts';
import { sql } from '../harness/sql.ts';
import { waitFor } from '../harness/wait-for.ts';

/** Every table of the hot path, at the write and at the commit, each with a switch of its own. */
const FAULTS = `
CREATE SCHEMA fault;
CREATE TABLE fault.disk_full (what text PRIMARY KEY);
CREATE FUNCTION fault.write() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM fault.disk_full WHERE what = TG_ARGV[0]) THEN
    RAISE EXCEPTION USING ERRCODE = '53100', MESSAGE = 'could not extend file "base/1/2": No space left on device';
  END IF;
  RETURN NEW;
END
$$;
CREATE TRIGGER full_message BEFORE INSERT ON message FOR EACH ROW EXECUTE FUNCTION fault.write('message');
CREATE TRIGGER full_delivery BEFORE INSERT OR UPDATE ON delivery FOR EACH ROW EXECUTE FUNCTION fault.write('delivery');
CREATE TRIGGER full_attempt BEFORE INSERT ON attempt FOR EACH ROW EXECUTE FUNCTION fault.write('attempt');
CREATE CONSTRAINT TRIGGER full_commit AFTER INSERT ON accepted_count DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION fault.write('commit of accept');
CREATE CONSTRAINT TRIGGER full_record AFTER INSERT ON attempt DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION fault.write('commit of record')`;

/** Refusals after which every sender has had one: what was acknowledged before has been read by then. */
const ALL_HAVE_ANSWERS = 60;

onBothQueues('the disk of PostgreSQL is full', (queue) => {
  let scene: Scene | null = null;
  afterEach(async () => {
    await scene?.close();
    scene = null;
  });

  it('refuses with 503, keeps results until they can be stored, and goes on by itself', async () => {
    scene = await openScene(queue, 'external');
    const { sink } = scene;
    const hub = await scene.start('hub', { NAVE_ROLE: 'hub' });
    const worker = await scene.start('worker', { NAVE_ROLE: 'worker' });
    await configureOrders(hub, sink);
    const url = scene.databaseUrl();
    await sql(url, FAULTS);
    const load = startLoad({ urls: [`${hub.url}/hooks/shop`], perSecond: 100 });
    await flow(scene);

    for (const what of ['message', 'delivery', 'commit of accept']) {
      await sql(url, 'INSERT INTO fault.disk_full VALUES ($1)', [what]);
      const refused = load.ledger.answers.get('503') ?? 0;
      await waitFor(`callers are refused: ${what}`, 60_000, () => (load.ledger.answers.get('503') ?? 0) > refused + ALL_HAVE_ANSWERS);
      const acknowledged = load.ledger.acknowledged.size;
      const before = load.ledger.answers.get('503') ?? 0;
      await waitFor('many are refused', 60_000, () => (load.ledger.answers.get('503') ?? 0) > before + 30);
      expect(load.ledger.acknowledged.size).toBe(acknowledged);
      await sql(url, 'DELETE FROM fault.disk_full');
      await flow(scene);
    }

    for (const what of ['attempt', 'commit of record', 'delivery']) {
      sink.behave('hold');
      await waitFor('all slots are under way', 60_000, () => sink.held() === CONCURRENCY);
      await sql(url, 'INSERT INTO fault.disk_full VALUES ($1)', [what]);
      const arrived = sink.arrivals.length;
      const answeredAt = performance.now();
      sink.behave('answer');
      sink.release();
      // Longer than the first tries to record; no result is stored, so no more are sent than the spoke takes at once.
      await waitFor('results wait', 60_000, () => performance.now() - answeredAt > 1_500);
      expect(sink.arrivals.length - arrived).toBeLessThanOrEqual(CONCURRENCY);
      await sql(url, 'DELETE FROM fault.disk_full');
      await flow(scene);
    }

    const ledger = await load.finish();
    expect([...ledger.answers.keys()].sort()).toEqual(['202', '503']);
    await settle(`disk full [${queue.name}]`, scene, ledger, { timeoutMs: 60_000, repeatsMax: 0 });
    expect([hub.running(), worker.running()]).toEqual([true, true]);
  });
});
