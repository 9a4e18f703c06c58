import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPreviews } from '../../../previews/previews.ts';
import { type AdminFixture, adminFixture } from '../admin-fixture.ts';

let hub: AdminFixture;
let operator: string;
beforeAll(async () => {
  hub = await adminFixture();
  operator = await hub.keyFor('operator');
});
afterAll(() => hub.close());

const evaluate = async (body: unknown) => (await hub.call('POST', 'expressions/evaluate', { key: operator, body })).body;

describe('evaluating an expression', () => {
  it.each([
    [
      { expression: 'data.n + 1', input: { data: { n: 1 } } },
      { ok: true, nothing: false, value: 2, simple: true },
    ],
    [
      { expression: 'data.gone', input: {} },
      { ok: true, nothing: true, value: null, simple: true },
    ],
    [
      { expression: '$map([1..3], function($n) { $n * 2 })', input: null },
      { ok: true, nothing: false, value: [2, 4, 6], simple: false },
    ],
    [
      { expression: '$response("one").body.id', input: { steps: { one: { id: 5 } } } },
      { ok: true, nothing: false, value: 5, simple: true },
    ],
    [
      { expression: '$headers."x-a" & id', input: { id: 'b' }, scope: 'inbound', headers: { 'x-a': 'a' } },
      { ok: true, value: 'ab' },
    ],
    [
      { expression: 'null', input: 1 },
      { ok: true, nothing: false, value: null },
    ],
  ])('%j', async (body, expected) => {
    expect(await evaluate(body)).toMatchObject(expected);
  });

  it.each([
    ['{ "a": ', {}, 7],
    ['data.n + "x"', { data: { n: 1 } }, 8],
  ])('tells what is wrong with %s and where', async (expression, input, position) => {
    expect(await evaluate({ expression, input })).toEqual({ ok: false, error: { message: expect.any(String), position } });
  });

  it('holds inbound expressions to the simple lane', async () => {
    const { ok, error } = await evaluate({ expression: '$map([1], function($n) { $n })', input: {}, scope: 'inbound' });
    expect([ok, error.message]).toEqual([false, expect.stringContaining('Only simple expressions')]);
  });

  it('ends what would never end, and never quotes the input', async () => {
    const endless = await evaluate({ expression: '($f := function($n) { $f($n + 1) + 1 }; $f(1))', input: {} });
    expect(endless).toMatchObject({ ok: false, error: { message: expect.stringMatching(/^Stopped/) } });
    const secret = await evaluate({ expression: '$number(data)', input: { data: 'a-secret' } });
    expect(JSON.stringify(secret)).not.toContain('a-secret');
  });

  it('is for operators', async () => {
    const body = { expression: '1', input: null };
    expect((await hub.call('POST', 'expressions/evaluate', { key: await hub.keyFor('viewer'), body })).status).toBe(403);
    expect((await hub.call('POST', 'expressions/evaluate', { key: operator, body: { expression: '1' } })).body.code).toBe(
      'request.invalid',
    );
  });
});

describe('previews', () => {
  it('refuse what is more than a few at once, with a time to come again, and take the next when one has ended', async () => {
    const previews = createPreviews(hub.deps.previews.engine, 2);
    const ends: (() => void)[] = [];
    const work = () => previews.run(() => new Promise<void>((end) => ends.push(end)));
    const running = [work(), work()];
    await expect(work()).rejects.toMatchObject({ code: 'limit.rate', retryAfterSeconds: 1 });
    ends[0]?.();
    await running[0];
    const third = work();
    for (const end of ends) end();
    await Promise.all([...running, third]);
    await expect(previews.run(() => Promise.reject(new Error('x')))).rejects.toThrow('x');
    await expect(previews.run(async () => 1)).resolves.toBe(1);
  });
});
