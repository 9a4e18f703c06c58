/** The dashboard uses this client in browsers: nothing of Node may be needed. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { createClient } from './index.ts';

it.each(['..', '../../api-schema'])('the sources of %s name nothing that only Node has', (root) => {
  const src = join(fileURLToPath(new URL('.', import.meta.url)), root, 'src');
  const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter(
    (file) => file.endsWith('.ts') && !file.endsWith('.test.ts'),
  );
  expect(files.length).toBeGreaterThan(10);
  const ofNode = /from 'node:|import\('node:|\b(Buffer|process|setImmediate|NodeJS)[.(]\w|\.unref\(|\.refresh\(/;
  expect(files.filter((file) => ofNode.test(readFileSync(join(src, file), 'utf8')))).toEqual([]);
});

it('calls fetch on its own, as browsers demand, and streams without iterating a stream', async () => {
  const asked: unknown[] = [];
  const body = () =>
    new ReadableStream<Uint8Array>({
      start(controller) {
        controller.enqueue(new TextEncoder().encode('id: 1\nevent: queue\ndata: {"id":"erp"}\n\n'));
        controller.close();
      },
    });
  const fetch: typeof globalThis.fetch = async function (this: unknown, input, init) {
    asked.push([this, String(input), init?.method, init?.body]);
    const stream = body();
    Object.defineProperty(stream, Symbol.asyncIterator, { value: undefined });
    return String(input).endsWith('/stream') ? new Response(stream) : Response.json({ name: 'ops', role: 'viewer' });
  };
  const hub = createClient({ url: 'http://hub.example', key: null, fetch, timing: { sleep: async () => {}, silenceMs: 5_000 } });
  expect(await hub.session.get()).toMatchObject({ name: 'ops' });
  await hub.session.open({ link: 'token' });
  for await (const { lastEventId } of hub.stream()) {
    expect(lastEventId).toBe('1');
    break;
  }
  expect(asked).toEqual([
    [undefined, 'http://hub.example/api/v1/session', 'GET', undefined],
    [undefined, 'http://hub.example/api/v1/session', 'POST', '{"link":"token"}'],
    [undefined, 'http://hub.example/api/v1/stream', 'GET', undefined],
  ]);
});
