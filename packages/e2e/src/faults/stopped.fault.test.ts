/** A graceful stop under load: it ends by itself with 0, finishes what is under way, sends nothing twice and leaves no process behind. */
import { afterEach, expect, it } from 'vitest';
import { embeddedServerPid } from '../harness/embedded-database.ts';
import { flow } from '../harness/flow.ts';
import { startLoad } from '../harness/load.ts';
import { processesNaming, processTree, stillRunning } from '../harness/process-tree.ts';
import { onBothQueues } from '../harness/queue-backends.ts';
import { configureOrders, openScene, type Scene } from '../harness/scene.ts';
import { settle } from '../harness/settle.ts';

const STOP_MS = 60_000;

onBothQueues('stopped under load', (queue) => {
  let scene: Scene | null = null;
  afterEach(async () => {
    await scene?.close();
    scene = null;
  });

  it.each([
    ['SIGTERM', 'the process'],
    ['SIGINT', 'the whole process group'],
  ] as const)('ends with 0 on %s to %s, and nothing is lost or repeated', async (signal, whom) => {
    scene = await openScene(queue, 'embedded');
    const { sink, dir } = scene;
    const hub = await scene.start('all');
    await configureOrders(hub, sink);
    sink.behave({ afterMs: 100 });
    const load = startLoad({ urls: [`${hub.url}/hooks/shop`], perSecond: 200 });
    await flow(scene, 100);
    const server = embeddedServerPid(dir);
    expect(server).not.toBeNull();
    const family = [...processTree(hub.pid), ...(server === null ? [] : processTree(server))];
    const askedAt = performance.now();
    if (whom === 'the process') hub.kill(signal);
    else hub.killGroup(signal);
    expect(await hub.exited).toEqual({ code: 0, signal: null });
    expect(performance.now() - askedAt).toBeLessThan(STOP_MS);
    expect(stillRunning(family)).toEqual([]);
    expect(processesNaming(dir)).toEqual([]);
    const again = await scene.start('all');
    expect(again.output()).toContain('(started)');
    await flow(scene);
    const ledger = await load.finish();
    await settle(`${signal} to ${whom} [${queue.name}]`, scene, ledger, { repeatsMax: 0 });
  });
});
