/** One hub per data directory: a second start refuses in one line; after the death of only the Node process the next start adopts its database server. */
import { afterEach, expect, it } from 'vitest';
import { embeddedServerPid } from '../harness/embedded-database.ts';
import { onBothQueues } from '../harness/queue-backends.ts';
import { openScene, type Scene } from '../harness/scene.ts';

onBothQueues('starts on one data directory', (queue) => {
  let scene: Scene | null = null;
  afterEach(async () => {
    await scene?.close();
    scene = null;
  });

  it('refuses the second and adopts the orphan of the first', async () => {
    scene = await openScene(queue, 'embedded');
    const { dir } = scene;
    const first = await scene.start('first');
    const server = embeddedServerPid(dir);
    const second = await scene.spawn('second');
    expect(await second.exited).toEqual({ code: 1, signal: null });
    expect(second.output().trim().split('\n')).toHaveLength(1);
    expect(second.output()).toContain(String(first.pid));
    expect(first.running()).toBe(true);

    first.kill('SIGKILL');
    await first.exited;
    expect(embeddedServerPid(dir)).toBe(server);
    const third = await scene.start('first');
    expect(embeddedServerPid(dir)).toBe(server);
    expect(third.output()).toContain('adopted');
    third.kill('SIGTERM');
    expect(await third.exited).toEqual({ code: 0, signal: null });
    expect(embeddedServerPid(dir)).toBeNull();
  });
});
