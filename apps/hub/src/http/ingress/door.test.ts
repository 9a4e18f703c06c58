import { Agent, request } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { CALM, type DoorOptions, doorFixture } from './door-fixture.ts';

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function hub(options?: DoorOptions) {
  const door = await doorFixture(options);
  closing.push(door.close);
  return door;
}

const message = (more: Record<string, unknown> = {}) => ({ source: 'shop', type: 't', data: 1, ...more });

describe('a sender of hooks with a limit', () => {
  it('is told what is left with every answer, and refused with 429 when nothing is', async () => {
    const { hook, stored } = await hub();
    const answers = [await hook(), await hook(), await hook(), await hook()];
    expect(answers.map(({ status }) => status)).toEqual([202, 202, 202, 429]);
    expect(answers.map(({ headers }) => headers['ratelimit'])).toEqual(
      [2, 1, 0, 0].map((left) => expect.stringMatching(`^"default";r=${left};t=\\d+$`)),
    );
    expect(answers.every(({ headers }) => headers['ratelimit-policy'] === '"default";q=3;w=60')).toBe(true);
    expect(answers[3]).toMatchObject({
      headers: { 'content-type': expect.stringContaining('application/problem+json'), 'retry-after': expect.stringMatching(/^(59|60)$/) },
      body: { code: 'limit.rate', status: 429, instance: '/hooks/shop' },
    });
    expect(stored()).toBe(3);
  });

  it('keeps its allowance when others send bad signatures, and is counted for repeats and unreadable bodies', async () => {
    const { hook, stored, refused } = await hub();
    for (let i = 0; i < 20; i++) expect((await hook({}, 'guessed')).status).toBe(401);
    expect(refused).toHaveLength(20);
    expect((await hook({}, 'guessed')).headers).not.toHaveProperty('ratelimit');
    expect((await hook('{')).status).toBe(400);
    expect((await hook({})).status).toBe(202);
    expect((await hook({})).status).toBe(202);
    expect((await hook({})).status).toBe(429);
    expect(stored()).toBe(2);
  });

  it('is refused before its body is read once nothing is left', async () => {
    const { app, hook } = await hub();
    for (let i = 0; i < 4; i++) await hook();
    // Larger than the spoke takes: reading it would answer 413.
    expect((await hook('x'.repeat(5_000))).status).toBe(429);
    expect((await app.inject({ method: 'GET', url: '/hooks/shop' })).statusCode).toBe(404);
  });

  it('without a limit hears nothing of limits, and nobody is asked', async () => {
    const tokens = { take: () => Promise.reject(new Error('asked')) };
    const { hook } = await hub({ tokens });
    for (let i = 0; i < 5; i++) {
      const { status, headers } = await hook({}, 'sender-secret', 'other');
      expect(status).toBe(202);
      expect(headers).not.toHaveProperty('ratelimit-policy');
    }
  });
});

describe('somebody signed in to the dashboard', () => {
  const send = async (headers: Record<string, string>) => {
    const { app, stored, audited, refused } = await hub();
    const all = { 'content-type': 'application/json', ...headers };
    const { statusCode } = await app.inject({ method: 'POST', url: '/v1/messages', headers: all, payload: JSON.stringify(message()) });
    return { status: statusCode, stored: stored(), audited, refused };
  };

  it('publishes from the pages of the hub, as the key allows, and leaves a trace', async () => {
    expect(await send({ cookie: 'a=b; nave_session=session-k1', origin: 'http://hub' })).toEqual({
      ...{ status: 202, stored: 1, refused: [] },
      audited: [{ actor: expect.stringMatching(/^session:/), spoke: 'shop', type: 't' }],
    });
    expect((await send({ authorization: 'Bearer k1' })).audited).toEqual([]);
    const none = { stored: 0, audited: [] };
    expect(await send({ cookie: 'nave_session=session-nobody', origin: 'http://hub' })).toMatchObject({ status: 401, ...none });
    expect(await send({ cookie: 'nave_session=session-viewer', origin: 'http://hub' })).toMatchObject({ status: 403, ...none });
  });

  it('publishes nothing from another site or port, nor without an origin, whatever the form of the request', async () => {
    const cookie = 'nave_session=session-k1';
    const foreign = [
      'http://evil',
      'null',
      'http://hub:8080',
      'https://hub',
      'http://hub.evil',
      'http://hub, http://evil',
      'HTTP://HUB',
      '',
    ];
    const none = { status: 403, stored: 0, audited: [], refused: ['auth.origin'] };
    expect(await send({ cookie })).toEqual(none);
    for (const origin of foreign) {
      expect(await send({ cookie, origin, host: 'evil' })).toEqual(none);
      expect(await send({ cookie, origin, 'content-type': 'text/plain' })).toEqual(none);
    }
    expect(await send({ cookie, origin: 'http://hub', 'content-type': 'text/plain' })).toMatchObject({ status: 415, stored: 0 });
  });
});

describe('a publisher with a limit', () => {
  it('is counted for each key and spoke', async () => {
    const { publish, stored } = await hub();
    for (let i = 0; i < 3; i++) expect((await publish(message())).status).toBe(202);
    const refused = await publish(message());
    expect(refused).toMatchObject({ status: 429, body: { code: 'limit.rate' }, headers: { ratelimit: expect.stringContaining('r=0') } });
    expect((await publish(message(), 'k2')).status).toBe(202);
    expect((await publish(message({ source: 'other' }), 'k2')).headers).not.toHaveProperty('ratelimit');
    expect(stored()).toBe(5);
  });

  it('has the items of a batch beyond its limit refused one by one, in order', async () => {
    const { publish, stored } = await hub();
    const { status, body, headers } = await publish([
      message({ type: '' }),
      message(),
      message({ source: 'nobody' }),
      message(),
      message(),
      message(),
      message(),
    ]);
    expect(status).toBe(202);
    expect(body.map((item: { status: number }) => item.status)).toEqual([422, 202, 403, 202, 202, 429, 429]);
    expect(body[5]).toEqual({ status: 429, error: expect.objectContaining({ code: 'limit.rate', status: 429 }) });
    expect(headers['ratelimit']).toMatch(/r=0/);
    expect(stored()).toBe(3);
  });

  it('has a batch refused as a whole when nothing of it may come in', async () => {
    const { publish, stored } = await hub();
    await publish([message(), message(), message()]);
    expect(await publish([message(), message()])).toMatchObject({ status: 429, headers: { 'retry-after': expect.any(String) } });
    expect((await publish([message(), message()], 'k2')).status).toBe(202);
    expect(await publish([message(), message()], 'k2')).toMatchObject({ status: 202, body: [{ status: 202 }, { status: 429 }] });
    expect(await publish([message(), message()], 'k2')).toMatchObject({ status: 429, body: { code: 'limit.rate' } });
    expect(stored()).toBe(6);
  });

  it('is counted for what breaks the schema, not for what breaks the form', async () => {
    const { publish } = await hub({ schema: { type: 'object' } });
    expect((await publish(message({ data: 1 }))).status).toBe(422);
    expect((await publish({ nothing: true })).status).toBe(422);
    const last = await publish(message({ data: {} }));
    expect(last).toMatchObject({ status: 202, headers: { ratelimit: expect.stringContaining('r=1;') } });
  });
});

describe('a hub under too much load', () => {
  it('answers 503 before anything is read or looked up, and takes messages again when it is calm', async () => {
    const { hook, publish, app, guard, signals, shed, time, stored, logger } = await hub({ rate: null });
    Object.assign(signals, { waiting: 9_000 });
    guard.sample();
    expect(await hook()).toMatchObject({ status: 503, headers: { 'retry-after': '3' }, body: { code: 'limit.overload' } });
    // Neither the unknown key nor the unknown spoke is looked up, and the large body is not read.
    expect((await publish(message(), 'nobody')).status).toBe(503);
    expect((await hook('x'.repeat(5_000), '', 'nowhere')).status).toBe(503);
    expect((await app.inject({ method: 'GET', url: '/hooks/shop' })).statusCode).toBe(404);
    expect(shed).toEqual(['waiting', 'waiting', 'waiting']);
    expect(stored()).toBe(0);
    Object.assign(signals, CALM);
    time.now += 1_000;
    guard.sample();
    expect((await hook()).status).toBe(202);
    expect(logger.lines.filter(({ level }) => level !== 'debug').map(({ level }) => level)).toEqual(['warn', 'info']);
  });

  it('refuses bodies beyond the memory for them, and gives the memory back', async () => {
    const { hook, bodies, shed } = await hub({ rate: null, bodyBytesMax: 1_500 });
    const held = bodies.open();
    held.take(1_000);
    expect((await hook({ text: 'x'.repeat(900) })).status).toBe(503);
    expect(shed).toEqual(['bodies']);
    expect((await hook({ text: 'x'.repeat(100) })).status).toBe(202);
    expect(bodies.bytes()).toBe(1_000);
    held.close();
    expect((await hook({ text: 'x'.repeat(900) })).status).toBe(202);
    expect((await hook('{')).status).toBe(400);
    expect(bodies.bytes()).toBe(0);
  });

  it('holds the memory of a body until its message is stored', async () => {
    let commit = (): void => undefined;
    const held = new Promise<void>((resolve) => {
      commit = resolve;
    });
    const { hook, bodies } = await hub({
      rate: null,
      accept: (batch) => held.then(() => batch.map(() => ({ duplicateOf: null, mismatch: false }))),
    });
    const answer = hook({ text: 'x'.repeat(500) });
    await expect.poll(() => bodies.bytes()).toBeGreaterThan(500);
    commit();
    expect((await answer).status).toBe(202);
    expect(bodies.bytes()).toBe(0);
  });
});

describe('a connection', () => {
  const MEGABYTE = Buffer.alloc(1024 * 1024, 'x');

  /** Calls over real sockets, one connection for all. */
  async function caller(door: Awaited<ReturnType<typeof hub>>) {
    const port = Number(new URL(await door.app.listen({ port: 0, host: '127.0.0.1' })).port);
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    closing.unshift(async () => agent.destroy());
    const ports = new Set<number | undefined>();
    const send = (bytes: number, chunked = false) =>
      new Promise<number | undefined>((resolve, reject) => {
        const headers = { 'x-api-key': 'sender-secret', ...(chunked ? {} : { 'content-length': String(bytes) }) };
        const call = request({ port, agent, method: 'POST', path: '/hooks/shop', headers }, (answer) => {
          ports.add(call.socket?.localPort);
          answer.resume().on('end', () => resolve(answer.statusCode));
        });
        call.on('error', reject);
        for (let left = bytes; left > 0; left -= MEGABYTE.length) call.write(MEGABYTE.subarray(0, Math.min(left, MEGABYTE.length)));
        call.end();
      });
    return { send, ports };
  }

  it('hears its refusal and can be used again, whatever of the body was read', async () => {
    const door = await hub({ rate: null, bodyBytesMax: 1_500_000, maxBytes: 50_000_000 });
    const { send, ports } = await caller(door);
    expect(await send(100)).toBe(202);
    Object.assign(door.signals, { waiting: 9_000 });
    door.guard.sample();
    expect(await send(10_000_000)).toBe(503);
    expect(await send(10_000_000, true)).toBe(503);
    Object.assign(door.signals, CALM);
    door.time.now += 1_000;
    door.guard.sample();
    const other = door.bodies.open();
    other.take(1_000_000);
    expect(await send(10_000_000)).toBe(503);
    expect(await send(10_000_000, true)).toBe(503);
    expect(await send(100)).toBe(202);
    expect(ports.size).toBe(1);
    expect(door.bodies.bytes()).toBe(1_000_000);
  });
});

describe('who guesses', () => {
  it('is answered 429 at this door after a thousand refused calls in a minute', async () => {
    const { hook, publish, time } = await hub({ rate: null });
    for (let i = 0; i < 1_000; i++) await hook({}, 'guessed');
    expect(await hook({}, 'guessed')).toMatchObject({ status: 429, body: { code: 'limit.rate' }, headers: { 'retry-after': '60' } });
    expect((await hook({}, 'sender-secret', 'other')).status).toBe(202);
    expect((await publish(message())).status).toBe(202);
    time.now += 60_000;
    expect((await hook()).status).toBe(202);
  });
});
