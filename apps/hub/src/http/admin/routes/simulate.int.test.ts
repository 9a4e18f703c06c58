import { seedMessage } from '@nave/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AdminFixture, adminFixture } from '../admin-fixture.ts';

let hub: AdminFixture;
let operator: string;
let viewer: string;
beforeAll(async () => {
  hub = await adminFixture();
  operator = await hub.keyFor('operator');
  viewer = await hub.keyFor('viewer');
  await hub.call('PUT', 'spokes/shop', { body: { kind: 'source' } });
  const operations = { one: { method: 'POST', path: '/one' }, two: { method: 'POST', path: '/two' } };
  await hub.call('PUT', 'spokes/erp', { body: { kind: 'rest', config: { baseUrl: 'http://127.0.0.1:9001', operations } } });
  await hub.call('PUT', 'spokes/sink', {
    body: { kind: 'webhook', config: { url: 'http://127.0.0.1:9001/in' }, credentials: { type: 'none' } },
  });
  await hub.call('PUT', 'routes/orders', { body: stored });
});
afterAll(() => hub.close());

const stored = {
  from: { spoke: 'shop', type: 'order.*' },
  when: 'data.total > 0',
  orderingKey: 'data.customer',
  steps: [
    { name: 'invoice', to: 'erp', operation: 'one', input: '{ "n": data.id, "at": $now() }' },
    { name: 'tell', to: 'sink', input: '{ "number": steps.invoice.number, "status": $response("invoice").status }' },
  ],
};
const message = { type: 'order.created', data: { id: 7, total: 5, customer: 'c-1' } };

const simulate = (body: unknown, name = 'orders', key = operator) => hub.call('POST', `routes/${name}/simulate`, { key, body });

describe('simulating a route', () => {
  it('shows what a stored route would do, step by step', async () => {
    const { status, body } = await simulate({ message, answers: { invoice: { number: 'I-1' } } });
    expect([status, body]).toMatchObject([
      200,
      {
        takes: true,
        matches: { source: true, type: true, when: true, reason: 'The route takes the message.' },
        orderingKey: 'c-1',
        problems: [],
        steps: [
          { name: 'invoice', to: 'erp', operation: 'one', known: true, input: { n: 7 }, needs: [], skipped: null, problems: [] },
          { name: 'tell', to: 'sink', operation: 'send', known: true, input: { number: 'I-1', status: 200 }, problems: [] },
        ],
      },
    ]);
    expect(body.steps[0].input.at).toBe(new Date(hub.deps.clock.now()).toISOString());
  });

  it('says which answer it would need', async () => {
    const { body } = await simulate({ message });
    expect(body.steps[1]).toMatchObject({ known: false, input: null, needs: ['invoice'] });
    expect(body.steps[1].problems).toEqual([
      { path: '/steps/1/input', message: 'needs the answer of invoice: give it in answers', position: null },
    ]);
  });

  it('says why a message would not be taken and shows the mapping all the same', async () => {
    const { body } = await simulate({ message: { ...message, source: 'bank', type: 'payment', data: { id: 1, total: 0 } } });
    expect(body).toMatchObject({ takes: false, matches: { source: false, type: false, when: false } });
    expect(body.matches.reason).toBe(
      'Not taken: it takes messages from shop, this one is from bank; it takes the type order.*, this one is payment; its condition is false.',
    );
    expect(body.steps[0]).toMatchObject({ known: true, input: { n: 1 }, skipped: body.matches.reason });
  });

  it('takes a draft of a route that does not exist, with everything that is wrong with it and where', async () => {
    const steps = [
      { name: 'a', to: 'nowhere', input: '{ "a": ' },
      { name: 'b', to: 'erp', input: 'data.id + "x"' },
      { name: 'c', to: 'sink', input: 'data.none' },
      { name: 'd', to: 'sink' },
    ];
    const { status, body } = await simulate(
      { route: { from: { spoke: 'gone', type: 'order.*' }, when: 'data.total + "a" > 1', orderingKey: '((', steps }, message },
      'fresh',
    );
    expect(status).toBe(200);
    const problems = [...body.problems, ...body.steps.flatMap((step: { problems: unknown[] }) => step.problems)];
    const at = (path: string) => problems.filter((problem) => problem.path === path);
    expect(at('/from/spoke')).toEqual([{ path: '/from/spoke', message: 'there is no spoke of this name', position: null }]);
    expect(at('/when')).toEqual([{ path: '/when', message: expect.stringContaining('T2002'), position: expect.any(Number) }]);
    expect(at('/orderingKey')).toHaveLength(1);
    expect(at('/steps/0/input')).toEqual([{ path: '/steps/0/input', message: expect.any(String), position: expect.any(Number) }]);
    expect(at('/steps/0/to')).toHaveLength(1);
    expect(at('/steps/1/operation')).toHaveLength(1);
    expect(at('/steps/1/input')).toEqual([
      { path: '/steps/1/input', message: expect.stringContaining('T2002'), position: expect.any(Number) },
    ]);
    expect(at('/steps/2/input')).toEqual([{ path: '/steps/2/input', message: 'The mapping selects nothing', position: null }]);
    expect(body.steps[3]).toMatchObject({ known: true, input: message.data, operation: 'send', problems: [] });
    expect(body.matches.when).toBeNull();
    expect((await hub.call('GET', 'routes/fresh')).status).toBe(404);
  });

  it('takes an earlier version, and calls of reply routes with their path', async () => {
    await hub.call('PATCH', 'routes/orders', { body: { when: 'data.total > 100' } });
    expect((await simulate({ message })).body.takes).toBe(false);
    expect((await simulate({ message, routeVersion: 1 })).body.takes).toBe(true);
    await hub.call('PUT', 'routes/orders', { body: stored });
    const route = {
      from: { spoke: 'shop', type: '**' },
      mode: 'reply',
      steps: [{ name: 'a', to: 'sink', input: '{ "p": $path, "q": $query.x }' }],
    };
    const { body } = await simulate({ route, message: { ...message, path: 'a/b', query: { x: '1' } } }, 'call');
    expect(body.steps[0].input).toEqual({ p: 'a/b', q: '1' });
  });

  it('takes a stored message, leaves a trace of who looked, and stores nothing else', async () => {
    const key = await hub.deps.sealer.keyFor('spoke:shop', hub.deps.clock.now());
    const body = JSON.stringify({ id: 9, total: 1, customer: 'c-9' });
    const { id } = await seedMessage(hub.db.hot, { atMs: hub.deps.clock.now(), spoke: 'shop', body, headers: { 'x-a': '1' } }, key.seal);
    const answer = await simulate({
      messageId: id,
      route: { ...stored, steps: [{ name: 'a', to: 'sink', input: '{ "n": data.id, "h": headers."x-a" }' }] },
    });
    expect(answer.body).toMatchObject({ takes: true, orderingKey: 'c-9', steps: [{ input: { n: 9, h: '1' } }] });
    const { body: audit } = await hub.call('GET', `audit?subject=message:${id}`);
    expect(audit.items).toMatchObject([{ action: 'payload.reveal', detail: { spoke: 'shop', simulated: 'orders' } }]);
    expect(await hub.db.prisma.delivery.count({ where: { messageId: id } })).toBe(0);
  });

  it('bounds an expression that would never end and one that gives too much', async () => {
    const steps = [
      { name: 'a', to: 'sink', input: '$map([1..600000], function($n) { $n })' },
      { name: 'b', to: 'sink', input: '($f := function($n) { $f($n + 1) + 1 }; $f(1))' },
    ];
    const { body } = await simulate({ route: { ...stored, steps }, message });
    expect(body.steps[0]).toMatchObject({ known: false, input: null, problems: [{ path: '/steps/0/input' }] });
    expect(body.steps[1].problems[0].message).toMatch(/^Stopped/);
  });

  it.each([
    ['no message', {}, '/message'],
    ['two messages', { message, messageId: '019aa000-0000-7000-8000-000000000000' }, '/messageId'],
    ['an unknown message', { messageId: '019aa000-0000-7000-8000-000000000000' }, '/messageId'],
    ['an unknown version', { message, routeVersion: 99 }, '/routeVersion'],
    ['a version of a draft', { message, routeVersion: 1, route: stored }, '/routeVersion'],
    ['a draft of another name', { message, route: { name: 'other', ...stored } }, '/route/name'],
    ['an answer of no step', { message, answers: { nobody: 1 } }, '/answers'],
    ['an unknown field', { message, surprise: 1 }, '/surprise'],
    ['a broken draft', { message, route: { from: { spoke: 'shop' }, steps: [] } }, '/route/steps'],
  ])('refuses %s', async (_name, body, path) => {
    const answer = await simulate(body);
    expect(answer.body).toMatchObject({ status: 422, code: 'request.invalid' });
    expect(answer.body.errors.map((error: { path: string }) => error.path)).toContain(path);
  });

  it('is for operators, and 404 without a draft of what does not exist', async () => {
    expect((await simulate({ message }, 'orders', viewer)).status).toBe(403);
    expect((await simulate({ message }, 'nobody')).status).toBe(404);
  });
});
