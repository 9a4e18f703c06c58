/** Callers that wait for an answer, a process of its own: at an even rate each call is made twice, directly at the system and through the hub, side by side. */
import { Agent, request } from 'node:http';
import { percentiles } from './percentiles.ts';

export interface ReplyOrder {
  direct: { port: number; path: string };
  hub: { port: number; path: string; key: string };
  perSecond: number;
  durationMs: number;
}

const TICK_MS = 5;
const ANSWER_MS = 10_000;
const agents = { direct: new Agent({ keepAlive: true, maxSockets: 64 }), hub: new Agent({ keepAlive: true, maxSockets: 64 }) };
const BODY = JSON.stringify({ sku: 'A-100', quantity: 2, customer: { id: 'c7', name: 'Jana Nováková' }, note: 'x'.repeat(700) });

function isOrder(value: unknown): value is ReplyOrder {
  return typeof value === 'object' && value !== null && 'direct' in value && 'hub' in value && 'perSecond' in value;
}

/** Milliseconds until the answer was read, or null without a 200. */
function send(agent: Agent, port: number, path: string, headers: Record<string, string>): Promise<number | null> {
  const startedAt = performance.now();
  return new Promise((done) => {
    const call = request(
      {
        ...{ host: '127.0.0.1', port, path, method: 'POST', agent, timeout: ANSWER_MS },
        headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(BODY), ...headers },
      },
      (response) => {
        response.resume();
        response.on('end', () => done(response.statusCode === 200 ? performance.now() - startedAt : null));
      },
    );
    call.on('timeout', () => call.destroy());
    call.on('error', () => done(null));
    call.end(BODY);
  });
}

async function run({ direct, hub, perSecond, durationMs }: ReplyOrder): Promise<void> {
  const startedAt = performance.now();
  const answers = { direct: [] as Promise<number | null>[], hub: [] as Promise<number | null>[] };
  await new Promise<void>((done) => {
    const timer = setInterval(() => {
      const elapsed = performance.now() - startedAt;
      const due = Math.floor((Math.min(elapsed, durationMs) * perSecond) / 1_000);
      while (answers.hub.length < due) {
        answers.hub.push(send(agents.hub, hub.port, hub.path, { authorization: `Bearer ${hub.key}` }));
        answers.direct.push(send(agents.direct, direct.port, direct.path, {}));
      }
      if (elapsed < durationMs) return;
      clearInterval(timer);
      done();
    }, TICK_MS);
  });
  const told = async (calls: Promise<number | null>[]) => {
    const all = await Promise.all(calls);
    const good = all.filter((ms) => ms !== null);
    return { failed: all.length - good.length, ...percentiles(good) };
  };
  process.send?.({ direct: await told(answers.direct), hub: await told(answers.hub) });
}

process.on('message', (order) => {
  if (isOrder(order)) void run(order);
});
process.on('disconnect', () => process.exit(0));
process.send?.('ready');
