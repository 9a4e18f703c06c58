import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { ApiError, createClient, NotReachable, type StreamEvent } from './index.ts';

type Handler = (request: IncomingMessage & { text: string }, response: ServerResponse) => void;
const servers: Server[] = [];

/** A hub of one handler; gives its URL. */
async function hub(handler: Handler): Promise<string> {
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    handler(Object.assign(request, { text: Buffer.concat(chunks).toString() }), response);
  });
  servers.push(server);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
}

const json = (response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}) =>
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
const client = (url: string, key: string | null = 'k1', timeoutMs?: number) =>
  createClient({ url, key, ...(timeoutMs ? { timeoutMs } : {}), timing: { sleep: async () => {}, silenceMs: 5_000 } });

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

describe('a call', () => {
  it('carries method, path, query, key and body', async () => {
    const seen: unknown[] = [];
    const url = await hub((request, response) => {
      seen.push([
        request.method,
        request.url,
        request.headers.authorization,
        request.headers['if-match'],
        request.headers['content-type'],
        request.text,
      ]);
      json(response, 200, { ok: true });
    });
    const { messages, spokes, config } = client(`${url}/`);
    await messages.list({ state: ['failed', 'accepted'], type: 'a.*', limit: 3 });
    await spokes.put('a/b', { kind: 'rest' }, { version: 4 });
    await spokes.patch('erp', { title: null });
    await config.apply({ spokes: {} }, { prune: true });
    expect(seen).toEqual([
      ['GET', '/api/v1/messages?state=failed%2Caccepted&type=a.*&limit=3', 'Bearer k1', undefined, undefined, ''],
      ['PUT', '/api/v1/spokes/a%2Fb', 'Bearer k1', '"4"', 'application/json', '{"kind":"rest"}'],
      ['PATCH', '/api/v1/spokes/erp', 'Bearer k1', undefined, 'application/merge-patch+json', '{"title":null}'],
      ['PUT', '/api/v1/config?prune=true', 'Bearer k1', undefined, 'application/json', '{"spokes":{}}'],
    ]);
  });

  it('publishes JSON text as it is, so that large numbers survive', async () => {
    let text = '';
    const url = await hub((request, response) => {
      text = request.text;
      json(response, 202, { messageId: 'm', duplicate: false });
    });
    const { publish } = client(url);
    await publish({ source: 'shop', type: 'order', dataJson: '{"n": 12345678901234567890}' });
    expect(text).toBe('{"source":"shop","type":"order","data":{"n": 12345678901234567890}}');
    expect(() => publish({ source: 'shop', type: 'order', dataJson: '1}, "x": {' })).toThrow(SyntaxError);
  });

  it('gives nothing for 204', async () => {
    const url = await hub((_request, response) => response.writeHead(204).end());
    expect(await client(url).keys.delete('id')).toBeUndefined();
  });
});

describe('a refusal', () => {
  it('is an ApiError with the problem of the hub', async () => {
    const problem = {
      type: 'urn:x',
      title: 'T',
      status: 422,
      detail: 'D',
      instance: '/i',
      code: 'request.invalid',
      errors: [{ path: '/a', message: 'm' }],
    };
    const url = await hub((_request, response) => json(response, 422, problem, { 'retry-after': '7' }));
    const error = await client(url)
      .spokes.get('x')
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ApiError);
    expect(error).toMatchObject({ status: 422, problem, retryAfterSeconds: 7, message: 'D' });
  });

  it.each([
    [502, 'text/html', '<html>'],
    [302, 'text/plain', ''],
    [200, 'text/html', '<html>'],
  ])('of another server (%i) is an ApiError too', async (status, type, body) => {
    const url = await hub((_request, response) => response.writeHead(status, { 'content-type': type, location: '/elsewhere' }).end(body));
    await expect(client(url).spokes.get('x')).rejects.toMatchObject({ name: 'ApiError', status, problem: { code: `http.${status}` } });
  });
});

describe('no answer', () => {
  it('is NotReachable when nothing listens', async () => {
    const url = await hub(() => {});
    await new Promise((done) => servers.pop()?.close(done));
    const error = await client(url)
      .spokes.list()
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(NotReachable);
    expect(error).toMatchObject({ message: `${url}: nothing listens there` });
  });

  it('is NotReachable when the time runs out, before or within the body', async () => {
    const silent = await hub(() => {});
    const slow = await hub((_request, response) => response.writeHead(200).write('{'));
    for (const url of [silent, slow]) await expect(client(url, 'k', 50).spokes.list()).rejects.toThrow(/no answer within 0.05 s/);
  });

  it.each([['ftp://x'], ['nonsense'], ['http://u:p@x']])('is not waited for with the URL %s', (url) => {
    expect(() => client(url)).toThrow(TypeError);
  });

  it('never quotes the key', async () => {
    expect(() => client('http://127.0.0.1:9', 'secret\nkey')).toThrow(expect.not.stringContaining('secret'));
  });
});

describe('a list', () => {
  const page = (request: IncomingMessage) => Number(new URL(request.url ?? '', 'http://x').searchParams.get('cursor') ?? 0);

  it('goes over its pages, and ends at the bound', async () => {
    const url = await hub((request, response) =>
      json(response, 200, {
        items: [{ name: `${page(request)}a` }, { name: `${page(request)}b` }],
        nextCursor: page(request) < 3 ? `${page(request) + 1}` : null,
      }),
    );
    const names = async (itemsMax?: number) => {
      const got: string[] = [];
      for await (const { name } of client(url).spokes.all({}, itemsMax === undefined ? {} : { itemsMax })) got.push(name);
      return got.join(' ');
    };
    expect(await names()).toBe('0a 0b 1a 1b 2a 2b 3a 3b');
    expect(await names(3)).toBe('0a 0b 1a');
    expect(await names(0)).toBe('');
  });

  it('ends when the hub repeats its cursor', async () => {
    const url = await hub((_request, response) => json(response, 200, { items: [{}], nextCursor: 'same' }));
    const got: unknown[] = [];
    for await (const spoke of client(url).spokes.all()) got.push(spoke);
    expect(got).toHaveLength(2);
  });
});

describe('the stream', () => {
  const frame = (id: number) => `id: ${id}\nevent: queue\ndata: {"id":"erp","n":${id}}\n\n`;
  const take = async (url: string, count: number, options = {}) => {
    const events: StreamEvent[] = [];
    for await (const event of client(url).stream(options)) {
      events.push(event);
      if (events.length === count) break;
    }
    return events.map(({ lastEventId }) => lastEventId);
  };

  it('goes on after the last event when the connection breaks', async () => {
    const asked: unknown[] = [];
    const url = await hub((request, response) => {
      asked.push(request.headers['last-event-id']);
      const next = Number(request.headers['last-event-id'] ?? 0) + 1;
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(`retry: 1\n\n${frame(next)}event: future\ndata: 1\n\n`, () => (next % 2 === 0 ? response.destroy() : response.end()));
    });
    expect(await take(url, 4)).toEqual(['1', '2', '3', '4']);
    expect(asked).toEqual([undefined, '1', '2', '3']);
    expect(await take(url, 1, { lastEventId: '40' })).toEqual(['41']);
  });

  it('ends at once when the first connection is refused, and when the key is revoked later', async () => {
    let calls = 0;
    const url = await hub((_request, response) => {
      calls += 1;
      if (calls === 1) response.end(frame(1));
      else json(response, 401, { title: 'T', status: 401, detail: 'D', code: 'auth.invalid' });
    });
    await expect(take(url, 2)).rejects.toMatchObject({ status: 401 });
    expect(calls).toBe(2);
    await expect(take(url, 1)).rejects.toMatchObject({ status: 401 });
  });

  it('gives up after ten failures in a row', async () => {
    let calls = 0;
    const url = await hub((_request, response) => {
      calls += 1;
      if (calls === 1) response.end(frame(1));
      else response.writeHead(503).end();
    });
    await expect(take(url, 2)).rejects.toMatchObject({ status: 503 });
    expect(calls).toBe(11);
  });

  it('ends quietly when the watcher goes', async () => {
    const url = await hub((_request, response) => response.write(frame(1)));
    const leave = new AbortController();
    const events: StreamEvent[] = [];
    for await (const event of client(url).stream({ signal: leave.signal })) {
      events.push(event);
      leave.abort();
    }
    expect(events).toHaveLength(1);
  });

  it('counts a silent connection as broken', async () => {
    let calls = 0;
    const url = await hub((_request, response) => {
      calls += 1;
      response.write(frame(calls));
    });
    const stream = createClient({ url, key: null, timing: { sleep: async () => {}, silenceMs: 30 } }).stream();
    expect((await stream.next()).value).toMatchObject({ lastEventId: '1' });
    expect((await stream.next()).value).toMatchObject({ lastEventId: '2' });
    await stream.return();
  });
});
