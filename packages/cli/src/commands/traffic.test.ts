import { describe, expect, it } from 'vitest';
import { nave, page, problem } from '../fake-io.ts';

const ID = '0190f3a0-0000-7000-8000-000000000001';
const DELIVERY = '0190f3a0-0000-7000-8000-000000000002';
const message = {
  ...{ id: ID, source: 'shop', type: 'order.created', state: 'failed', receivedAt: '2026-11-21T09:59:00.123Z', completedAt: null },
  ...{ idempotencyKey: 'A-1', correlationId: null, orderingKey: null, size: 12, contentType: 'application/json' },
};
const delivery = {
  ...{ id: DELIVERY, messageId: ID, route: 'orders', routeVersion: 1, step: 'invoice', spoke: 'erp', operation: 'create', state: 'dead' },
  ...{
    heldBy: null,
    blockedBy: null,
    reason: 'rejected\u0007',
    attemptCount: 2,
    nextAttemptAt: null,
    createdAt: message.receivedAt,
    finishedAt: null,
    replayOf: null,
    attempts: [],
  },
};

describe('messages', () => {
  it('are found with filters; spans lie in the past', async () => {
    const call = 'GET /api/v1/messages?spoke=shop&type=order.*&state=failed,accepted&q=A 1&from=2026-11-21T08:00:00.000Z&limit=2';
    const { code, out, err } = await nave(
      ['messages', '--spoke', 'shop', '--type', 'order.*', '--state', 'failed,accepted', '--from', '2h', '--q', 'A 1', '--limit', '2'],
      {
        hub: { [call.replace('A 1', 'A+1')]: page(message) },
      },
    );
    expect(err).toBe('');
    expect(code).toBe(0);
    expect(out).toBe(
      [
        'RECEIVED              STATE     SOURCE  TYPE           BYTES  ID',
        `2026-11-21 09:59:00Z  ✕ failed  shop    order.created     12  ${ID}`,
        '',
      ].join('\n'),
    );
  });

  it('are shown with deliveries and timeline, and nothing that moves the cursor', async () => {
    const timeline = [{ at: message.receivedAt, event: 'received', detail: 'order.created\u001b[2J' }];
    const { code, out } = await nave(`messages ${ID}`, {
      hub: { [`GET /api/v1/messages/${ID}`]: { body: { ...message, keys: ['order'], deliveries: [delivery], timeline } } },
    });
    expect(code).toBe(0);
    expect(out).toMatchInlineSnapshot(`
      "message      0190f3a0-0000-7000-8000-000000000001
      state        ✕ failed
      source       shop
      type         order.created
      received     2026-11-21 09:59:00Z
      completed    -
      body         12 bytes of application/json
      idempotency  A-1
      keys         order

      Deliveries
      STATE   ROUTE           SPOKE  OPERATION  TRIES  ID                                    WHY
      ✕ dead  orders/invoice  erp    create         2  0190f3a0-0000-7000-8000-000000000002  rejected\\u0007

      Timeline
      2026-11-21T09:59:00.123Z  received  order.created\\u001b[2J
      "
    `);
  });

  it('give their payload alone on standard output', async () => {
    const payload = {
      contentType: 'application/json',
      method: 'POST',
      headers: { 'x-a': '1' },
      query: {},
      size: 2,
      body: '{}',
      deliveries: [],
    };
    const hub = { [`GET /api/v1/messages/${ID}/payload`]: { body: payload } };
    expect(await nave(`messages ${ID} --payload`, { hub })).toMatchObject({
      code: 0,
      out: '{}',
      err: expect.stringContaining('x-a           1'),
    });
    const binary = { [`GET /api/v1/messages/${ID}/payload`]: { body: { ...payload, body: undefined, bodyBase64: 'AAEC' } } };
    expect((await nave(`messages ${ID} --payload`, { hub: binary })).out).toBe('<3 bytes>');
    expect(await nave(`messages ${ID} --payload`, { hub: binary, terminal: true })).toMatchObject({
      out: '',
      err: expect.stringContaining('3 bytes that are no text'),
    });
  });
});

describe('send', () => {
  const accepted = { status: 202, body: { messageId: ID, duplicate: false } };
  const hub = { 'POST /v1/messages': accepted };

  it('publishes data exactly as it is written', async () => {
    const { code, out, calls } = await nave('send shop --type order.created --data @o.json --idempotency-key A-1', {
      files: { 'o.json': '{"n":12345678901234567890}' },
      hub,
    });
    expect({ code, out }).toEqual({ code: 0, out: `${ID}  accepted\n` });
    expect(calls[0]?.body).toBe('{"source":"shop","type":"order.created","idempotencyKey":"A-1","data":{"n":12345678901234567890}}');
  });

  it('says when it was a repeat', async () => {
    const { out } = await nave('send shop -t x -d -', {
      input: '[1]',
      hub: { 'POST /v1/messages': { ...accepted, body: { messageId: ID, duplicate: true } } },
    });
    expect(out).toBe(`${ID}  already accepted earlier, not delivered again\n`);
  });

  it.each(['send shop', 'send shop -t x -d {', 'send shop -t x -d @gone'])('"%s" is wrong usage', async (line) => {
    expect(await nave(line, { hub })).toMatchObject({ code: 2, calls: [] });
  });
});

describe('replay', () => {
  const preview = { body: { count: 41, oldest: '2026-11-21T09:00:00Z', newest: '2026-11-21T09:30:00Z', estimatedSeconds: 3, exact: true } };
  const running = { id: ID, mode: 'replay', state: 'running', total: 41, done: 0, failed: 0 };
  const hub = {
    'POST /api/v1/replays': (body: unknown) => (JSON.stringify(body).includes('dryRun') ? preview : { status: 202, body: running }),
    [`GET /api/v1/replays/${ID}`]: [{ body: { ...running, done: 20 } }, { body: { ...running, done: 41, state: 'done' } }],
  };

  it('only counts with --dry-run', async () => {
    const { code, out, calls } = await nave('replay --type order.* --from 1h --dry-run', { hub });
    expect({ code, out }).toEqual({
      code: 0,
      out: 'matching     41 messages\noldest       2026-11-21 09:00:00Z\nnewest       2026-11-21 09:30:00Z\ntakes about  3s\n',
    });
    expect(calls.map(({ body }) => JSON.parse(body))).toEqual([
      { filter: { type: ['order.*'], from: '2026-11-21T09:00:00.000Z' }, mode: 'replay', dryRun: true },
    ]);
  });

  it('counts, then goes and waits for the end with --yes', async () => {
    const { code, out, calls } = await nave('replay --spoke shop --rate 20 --yes', { hub });
    expect({ code, out }).toEqual({ code: 0, out: `done  41 of 41 done, 0 failed  (replay ${ID})\n` });
    expect(calls.map(({ call }) => call)).toEqual([
      'POST /api/v1/replays',
      'POST /api/v1/replays',
      `GET /api/v1/replays/${ID}`,
      `GET /api/v1/replays/${ID}`,
    ]);
    expect(JSON.parse(calls[1]?.body ?? '')).toEqual({ filter: { spoke: ['shop'] }, mode: 'replay', rate: 20 });
  });

  it('asks, and does nothing without a yes', async () => {
    expect(await nave('replay --spoke shop', { hub, reply: 'n' })).toMatchObject({
      code: 1,
      err: expect.stringContaining('Replay 41 messages? [y/N] \nnothing was done'),
    });
    expect(await nave('replay --spoke shop', { hub, reply: 'y' })).toMatchObject({ code: 0 });
    const unasked = await nave('replay --spoke shop', { hub });
    expect(unasked).toMatchObject({ code: 2, err: expect.stringContaining('add --yes') });
    expect(unasked.calls).toHaveLength(1);
  });

  it('is not begun when nothing matches, or nothing is said', async () => {
    const none = { 'POST /api/v1/replays': { body: { count: 0, oldest: null, newest: null, estimatedSeconds: 0, exact: true } } };
    expect(await nave('replay --spoke shop --yes', { hub: none })).toMatchObject({ code: 0, out: 'no messages match\n' });
    expect(await nave('replay --yes', { hub: none })).toMatchObject({ code: 2, calls: [] });
  });
});

describe('resolve', () => {
  it('says what became of an unknown delivery', async () => {
    const hub = { [`POST /api/v1/deliveries/${DELIVERY}/resolve`]: { body: { ...delivery, state: 'succeeded' } } };
    const done = await nave(['resolve', DELIVERY, 'done', '--output', '{"payment":7}'], { hub });
    expect(done).toMatchObject({ code: 0, out: `${DELIVERY}  ✓ succeeded\n` });
    expect(JSON.parse(done.calls[0]?.body ?? '')).toEqual({ outcome: 'done', output: { payment: 7 } });
    const notDone = await nave(`resolve ${DELIVERY} not-done`, { hub });
    expect(JSON.parse(notDone.calls[0]?.body ?? '')).toEqual({ outcome: 'notDone' });
  });

  it('asks the hub nothing that makes no sense', async () => {
    for (const line of [`${DELIVERY}`, `${DELIVERY} perhaps`, `${DELIVERY} not-done --output 1`, `${DELIVERY} done --output x`, 'x done'])
      expect(await nave(`resolve ${line}`, { hub: {} })).toMatchObject({ code: 2, calls: [] });
  });
});

describe('retry', () => {
  it('goes over the ids; one that is refused stops no other', async () => {
    const hub = {
      [`POST /api/v1/deliveries/${ID}/retry`]: problem(409, 'state.conflict', 'The delivery is succeeded.'),
      [`POST /api/v1/deliveries/${DELIVERY}/retry`]: { body: { ...delivery, state: 'pending' } },
    };
    expect(await nave(`retry ${ID} ${DELIVERY}`, { hub })).toMatchObject({
      code: 1,
      out: `${DELIVERY}  ○ pending\n`,
      err: `error  ${ID}: The delivery is succeeded.\n`,
    });
  });

  it('takes filters or --all, and not both kinds', async () => {
    const hub = { 'POST /api/v1/replays': { body: { count: 1, oldest: null, newest: null, estimatedSeconds: 1, exact: false } } };
    const { out, calls } = await nave('retry --spoke erp --dry-run', { hub });
    expect(out).toContain('at least 1 delivery\n');
    expect(JSON.parse(calls[0]?.body ?? '')).toEqual({ filter: { spoke: ['erp'] }, mode: 'retry', dryRun: true });
    expect((await nave('retry --all --dry-run', { hub })).code).toBe(0);
    expect(await nave('retry', { hub })).toMatchObject({ code: 2, calls: [] });
    expect(await nave(`retry ${ID} --spoke erp`, { hub })).toMatchObject({ code: 2, calls: [] });
  });
});

describe('tail', () => {
  const frame = (event: string, data: object) =>
    `id: 1\nevent: ${event}\ndata: ${JSON.stringify({ at: '2026-11-21T09:59:00.123Z', ...data })}\n\n`;
  const arrived = (id: string, type: string) => frame('message', { id, source: 'shop', type, unrouted: false });
  const moved = (id: string, messageId: string, state: string) =>
    frame('delivery', { id, messageId, route: 'orders', spoke: 'erp', state, reason: null, attemptCount: 2 });
  const text = [
    ...[
      arrived('m1', 'order.created'),
      arrived('m2', 'ping'),
      moved('d1', 'm1', 'retrying'),
      frame('queue', {}),
      moved('d1', 'm1', 'retrying'),
    ],
    ...[moved('d2', 'm2', 'dead'), moved('d1', 'm1', 'succeeded')],
  ].join('');
  const tail = (options: string) => nave(`tail ${options}`, { hub: { 'GET /api/v1/stream': { text } } });

  it('prints each event once', async () => {
    const { code, out } = await tail('--count 5');
    expect(code).toBe(0);
    expect(out).toBe(
      [
        '09:59:00.123  message   m1  shop  order.created',
        '09:59:00.123  message   m2  shop  ping',
        '09:59:00.123  delivery  d1  ↻ retrying  orders → erp  try 2',
        '09:59:00.123  delivery  d2  ✕ dead  orders → erp  try 2',
        '09:59:00.123  delivery  d1  ✓ succeeded  orders → erp  try 2',
        '',
      ].join('\n'),
    );
  });

  it('filters by spoke, state, and type of the message', async () => {
    const ids = async (options: string) =>
      (await tail(options)).out
        .trim()
        .split('\n')
        .map((line) => line.split(/ +/)[2]);
    expect(await ids('--spoke shop --count 2')).toEqual(['m1', 'm2']);
    expect(await ids('--state dead,succeeded --count 2')).toEqual(['d2', 'd1']);
    expect(await ids('--type order.* --count 3')).toEqual(['m1', 'd1', 'd1']);
    expect(await ids('--type ** --state dead --count 1')).toEqual(['d2']);
  });

  it('is one JSON document a line for machines', async () => {
    const { out } = await tail('--json --count 2');
    expect(
      out
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toMatchObject([
      { event: 'message', id: 'm1' },
      { event: 'message', id: 'm2' },
    ]);
  });
});
