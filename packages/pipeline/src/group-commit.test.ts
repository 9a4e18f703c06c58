import { HubError } from '@nave/core';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { GroupCommit, type GroupCommitOptions } from './group-commit.ts';

/** Writes that end when the test says so. */
function manual(options: Partial<GroupCommitOptions<string, string>> = {}) {
  const writes: { batch: readonly string[]; done: () => void; fail: (error: unknown) => void }[] = [];
  let most = 0;
  let now = 0;
  const commits = new GroupCommit<string, string>({
    write: (batch) => {
      now += 1;
      most = Math.max(most, now);
      return new Promise<readonly string[]>((resolve, reject) => {
        writes.push({ batch, done: () => resolve(batch.map((item) => `${item}!`)), fail: reject });
      }).finally(() => {
        now -= 1;
      });
    },
    ...{ batchMax: 4, writersMax: 1, waitingMax: 100 },
    ...options,
  });
  return { commits, writes, most: () => most };
}

const settled = () => new Promise<void>((resolve) => setImmediate(() => setImmediate(resolve)));
const conflict = new HubError('store.conflict');
const again = (error: unknown) => error === conflict;

describe('GroupCommit with patience', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());
  const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);
  const lateness = async (added: Promise<unknown>) => added.then(() => 'written').catch((error: HubError) => error.code);

  it('gives up what is being written for too long, and does not write what waited too long', async () => {
    const { commits, writes } = manual({ patienceMs: 10_000 });
    const first = lateness(commits.add('a'));
    await pass(1);
    const second = lateness(commits.add('b'));
    await pass(9_000);
    const third = commits.add('c');
    expect(commits.oldestMs).toBeGreaterThan(9_000);
    await pass(2_500);
    expect(await Promise.all([first, second])).toEqual(['store.unavailable', 'store.unavailable']);
    expect(commits.size).toBe(1);
    writes[0]?.done();
    await pass(1);
    expect(writes.map(({ batch }) => batch)).toEqual([['a'], ['c']]);
    writes[1]?.done();
    expect(await third).toBe('c!');
    await commits.drained();
    expect(commits.oldestMs).toBe(0);
  });

  it('goes on looking while the same write hangs', async () => {
    const { commits } = manual({ patienceMs: 1_000 });
    void lateness(commits.add('a'));
    await pass(5_000);
    const late = lateness(commits.add('b'));
    await pass(2_100);
    expect(await late).toBe('store.unavailable');
    expect(commits.size).toBe(0);
  });

  it('is drained when all that waited was given up', async () => {
    const { commits, writes } = manual({ patienceMs: 1_000 });
    void lateness(commits.add('a'));
    await pass(500);
    void lateness(commits.add('b'));
    const drained = commits.drained();
    await pass(3_000);
    writes[0]?.done();
    await drained;
    expect(writes).toHaveLength(1);
  });

  it('leaves no timer when nothing waits any more', async () => {
    const { commits, writes } = manual({ patienceMs: 1_000 });
    const added = commits.add('a');
    await pass(1);
    writes[0]?.done();
    await added;
    await pass(2_000);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('GroupCommit', () => {
  it('writes a lone item at once, and what comes meanwhile together', async () => {
    const { commits, writes } = manual();
    const first = commits.add('a');
    await settled();
    const rest = ['b', 'c', 'd'].map((item) => commits.add(item));
    await settled();
    expect(writes.map(({ batch }) => batch)).toEqual([['a']]);
    writes[0]?.done();
    expect(await first).toBe('a!');
    await settled();
    expect(writes[1]?.batch).toEqual(['b', 'c', 'd']);
    writes[1]?.done();
    expect(await Promise.all(rest)).toEqual(['b!', 'c!', 'd!']);
  });

  it('resolves nothing before its batch is written', async () => {
    const { commits, writes } = manual();
    let resolved = false;
    const added = commits.add('a').then(() => {
      resolved = true;
    });
    await settled();
    expect(resolved).toBe(false);
    writes[0]?.done();
    await added;
  });

  it('keeps the order, the largest batch and the number of writers, and answers every item its own result', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 60 }),
        fc.integer({ min: 1, max: 7 }),
        fc.integer({ min: 1, max: 3 }),
        async (count, batchMax, writersMax) => {
          const batches: number[][] = [];
          let now = 0;
          const commits = new GroupCommit<number, number>({
            ...{ batchMax, writersMax, waitingMax: 1_000 },
            async write(batch) {
              batches.push([...batch]);
              now += 1;
              expect(now).toBeLessThanOrEqual(writersMax);
              await settled();
              now -= 1;
              return batch.map((item) => item * 2);
            },
          });
          const items = Array.from({ length: count }, (_, n) => n);
          expect(await Promise.all(items.map((item) => commits.add(item)))).toEqual(items.map((item) => item * 2));
          expect(batches.flat()).toEqual(items);
          expect(Math.max(...batches.map(({ length }) => length))).toBeLessThanOrEqual(batchMax);
          await commits.drained();
          expect(commits.size).toBe(0);
        },
      ),
      { numRuns: 50 },
    );
  });

  it('halves a batch until only the guilty item is refused', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 40 }), fc.array(fc.nat(39)), async (count, guilty) => {
        const bad = new Set(guilty);
        const written: number[] = [];
        const commits = new GroupCommit<number, number>({
          ...{ batchMax: 64, writersMax: 1, waitingMax: 1_000, bisect: () => true },
          async write(batch) {
            if (batch.some((item) => bad.has(item))) throw new Error('cannot store');
            written.push(...batch);
            return batch;
          },
        });
        const items = Array.from({ length: count }, (_, n) => n);
        const results = await Promise.allSettled(items.map((item) => commits.add(item)));
        expect(results.map(({ status }) => status)).toEqual(items.map((item) => (bad.has(item) ? 'rejected' : 'fulfilled')));
        expect(written).toEqual(items.filter((item) => !bad.has(item)));
      }),
      { numRuns: 100 },
    );
  });

  it('refuses a whole batch for a failure that no single item caused', async () => {
    const down = new HubError('store.unavailable');
    const { commits, writes } = manual({ bisect: (error) => error !== down });
    const results = Promise.allSettled([commits.add('a'), commits.add('b')]);
    await settled();
    writes[0]?.fail(down);
    expect(await results).toEqual([
      { status: 'rejected', reason: down },
      { status: 'rejected', reason: down },
    ]);
    expect(writes).toHaveLength(1);
  });

  it('writes again after a lost race, three times at most', async () => {
    const lucky = manual({ again });
    const added = lucky.commits.add('a');
    for (let round = 0; round < 3; round++) {
      await settled();
      lucky.writes[round]?.fail(conflict);
    }
    await settled();
    lucky.writes[3]?.done();
    expect(await added).toBe('a!');

    const unlucky = manual({ again });
    const refused = expect(unlucky.commits.add('a')).rejects.toBe(conflict);
    for (let round = 0; round < 4; round++) {
      await settled();
      unlucky.writes[round]?.fail(conflict);
    }
    await refused;
    expect(unlucky.writes).toHaveLength(4);
  });

  it('refuses what is too much at once, and takes more when there is room', async () => {
    const { commits, writes } = manual({ waitingMax: 2 });
    const first = commits.add('a');
    await settled();
    const waiting = [commits.add('b'), commits.add('c')];
    await expect(commits.add('d')).rejects.toMatchObject({ code: 'limit.overload', retryAfterSeconds: 1 });
    writes[0]?.done();
    await first;
    await settled();
    const later = commits.add('e');
    writes[1]?.done();
    await Promise.all(waiting);
    await settled();
    writes[2]?.done();
    expect(await later).toBe('e!');
  });

  it('never puts items of one key into one batch, and keeps their order', async () => {
    const key = fc.constantFrom('k1', 'k2', 'k3', 'k4');
    await fc.assert(
      fc.asyncProperty(fc.array(fc.uniqueArray(key, { maxLength: 2 }), { maxLength: 30 }), async (items) => {
        const batches: { n: number; keys: string[] }[][] = [];
        const commits = new GroupCommit<{ n: number; keys: string[] }, number>({
          ...{ batchMax: 5, writersMax: 1, waitingMax: 1_000, exclusiveKeys: ({ keys }) => keys },
          async write(batch) {
            batches.push([...batch]);
            return batch.map(({ n }) => n);
          },
        });
        const results = await Promise.all(items.map((keys, n) => commits.add({ n, keys })));
        expect(results).toEqual(items.map((_, n) => n));
        for (const batch of batches) {
          const keys = batch.flatMap((item) => item.keys);
          expect(new Set(keys).size).toBe(keys.length);
          expect(batch.length).toBeLessThanOrEqual(5);
        }
        const order = batches.flat();
        for (const each of ['k1', 'k2', 'k3', 'k4']) {
          const of = order.filter(({ keys }) => keys.includes(each)).map(({ n }) => n);
          expect(of).toEqual([...of].sort((a, b) => a - b));
        }
      }),
      { numRuns: 100 },
    );
  });

  it('is drained when nothing waits and nothing is written, also after failures', async () => {
    const { commits, writes } = manual();
    await commits.drained();
    const refused = expect(commits.add('a')).rejects.toThrow('no');
    let drained = false;
    const waiting = commits.drained().then(() => {
      drained = true;
    });
    await settled();
    expect(drained).toBe(false);
    writes[0]?.fail(new Error('no'));
    await refused;
    await waiting;
  });

  it('refuses items that a write forgot to answer', async () => {
    const commits = new GroupCommit<string, string>({ write: async () => ['only one'], batchMax: 2, writersMax: 1, waitingMax: 10 });
    const [first, second] = await Promise.allSettled([commits.add('a'), commits.add('b')]);
    expect(first).toEqual({ status: 'fulfilled', value: 'only one' });
    expect(second).toMatchObject({ status: 'rejected', reason: { code: 'hub.internal' } });
  });

  it('asks its owner again after each pause, and takes all that came meanwhile', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
    const asked: number[] = [];
    const { commits, writes } = manual({
      allow: (waiting) => {
        asked.push(waiting);
        return { pauseMs: asked.length <= 2 ? 20 : 0, weightMax: 100 };
      },
    });
    try {
      const items = ['a', 'b'].map((item) => commits.add(item));
      vi.advanceTimersByTime(20);
      items.push(commits.add('c'));
      vi.advanceTimersByTime(19);
      await settled();
      expect(writes).toHaveLength(0);
      vi.advanceTimersByTime(1);
      await settled();
      expect(asked.slice(0, 3)).toEqual([1, 2, 3]);
      expect(writes.map(({ batch }) => batch)).toEqual([['a', 'b', 'c']]);
      writes[0]?.done();
      expect(await Promise.all(items)).toEqual(['a!', 'b!', 'c!']);
      await commits.drained();
    } finally {
      vi.useRealTimers();
    }
  });

  it('takes as many items as may go together by what they weigh, in order, and one in any case', async () => {
    const { commits, writes } = manual({
      allow: () => ({ pauseMs: 0, weightMax: 10 }),
      weightOf: (item) => Number(item),
      batchMax: 100,
      writersMax: 1,
    });
    const items = ['4', '6', '0', '7', '4', '25', '0', '3'].map((item) => commits.add(item));
    for (let n = 0; n < 5; n++) {
      await expect.poll(() => writes.length, { interval: 5 }).toBe(n + 1);
      writes[n]?.done();
    }
    await Promise.all(items);
    expect(writes.map(({ batch }) => batch)).toEqual([['4', '6', '0'], ['7'], ['4'], ['25'], ['0', '3']]);
  });

  it('gathers for a millisecond an item of the batch before, where its owner wants that, and a lone item leaves at once', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
    const { commits, writes } = manual({ gatherMs: 6, batchMax: 100 });
    const gathered = async (items: readonly string[], afterMs: number) => {
      const before = writes.length;
      const results = items.map((item) => commits.add(item));
      await settled();
      vi.advanceTimersByTime(Math.max(0, afterMs - 1));
      await settled();
      expect(writes).toHaveLength(afterMs === 0 ? before + 1 : before);
      vi.advanceTimersByTime(1);
      await settled();
      expect(writes[before]?.batch).toEqual(items);
      writes[before]?.done();
      await Promise.all(results);
    };
    try {
      await gathered(['a', 'b', 'c'], 0);
      // A millisecond of the three has passed.
      await gathered(['d', 'e'], 2);
      await gathered(
        Array.from({ length: 40 }, (_, n) => `${n}`),
        2,
      );
      await gathered(['f'], 6);
      vi.advanceTimersByTime(1);
      await gathered(['g'], 0);
    } finally {
      vi.useRealTimers();
    }
  });
});
