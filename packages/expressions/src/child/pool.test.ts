import { afterEach, describe, expect, it } from 'vitest';
import { type ChildPool, ChildPool as Pool, type PoolOptions } from './pool.ts';

const pools: ChildPool[] = [];
afterEach(async () => {
  await Promise.all(pools.splice(0).map((pool) => pool.close()));
});

function pool(options: Partial<PoolOptions> = {}): ChildPool {
  const made = new Pool({ size: 1, timeoutMs: 500, memoryMb: 64, lookup: () => undefined, ...options });
  pools.push(made);
  return made;
}

const job = (text: string) => ({ text, root: { n: 1 }, bindings: {}, responses: {}, nowMs: 0, seed: '' });

describe('ChildPool', () => {
  it('does not count the start of the process or the wait in the queue as evaluation', async () => {
    // Together they take longer than one may, each of them a small part of that, also on a busy machine.
    const one = pool({ timeoutMs: 1_000 });
    const results = await Promise.all(Array.from({ length: 100 }, (_, index) => one.run(job(`$sum([1..20000]) * 0 + n + ${index}`))));
    expect(results).toEqual(Array.from({ length: 100 }, (_, index) => index + 1));
  });

  it('goes on with a new process after one was killed', async () => {
    const one = pool();
    const runaway = one.run(job('($f := function() { $f() }; $f())'));
    const next = one.run(job('n'));
    await expect(runaway).rejects.toThrow('ran longer than 500 ms');
    expect(await next).toBe(1);
  });

  it('says that memory ran out', async () => {
    await expect(pool({ timeoutMs: 60_000 }).run(job('$map([1..9000000], function($n) { {"n": $n} })'))).rejects.toThrow(
      /64 MB|too much memory/,
    );
  });

  it('fails what runs and waits when it closes, and takes nothing more', async () => {
    const one = pool();
    const settled = Promise.allSettled([one.run(job('n')), one.run(job('n'))]);
    await one.close();
    for (const result of await settled) expect(result).toMatchObject({ status: 'rejected', reason: { code: 'hub.stopping' } });
    await expect(one.run(job('n'))).rejects.toMatchObject({ code: 'hub.stopping' });
  });

  it('refuses input that is not JSON', async () => {
    await expect(pool().run({ ...job('n'), root: 1n })).rejects.toThrow('N1009');
  });

  it('gives the child no environment', async () => {
    await expect(pool().run(job('$eval("$process") ~> $exists()'))).resolves.toBe(false);
  });

  it('bounds what waits', async () => {
    const one = pool();
    const waiting = Promise.allSettled(Array.from({ length: 1_100 }, () => one.run(job('n'))));
    await one.close();
    const reasons = (await waiting).map((result) => (result.status === 'rejected' ? result.reason : undefined));
    expect(reasons.filter((reason) => reason?.code === 'limit.overload').length).toBe(100);
  });
});
