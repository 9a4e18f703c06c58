/** A started hub with a database of its own and a receiving system, for the suites that walk through the contract. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { disposableDatabase, freePort } from '@nave/testkit';
import { type Answer, answerOf, endHub, type HubProcess, startHub } from '../harness/hub-process.ts';
import { listAt, textAt } from '../harness/json.ts';
import { type Arrival, type Sink, startSink } from '../harness/sink.ts';
import { waitFor } from '../harness/wait-for.ts';

export interface HubUnderTest {
  hub: HubProcess;
  sink: Sink;
  databaseUrl: string;
  /** A call without a key. */
  post(path: string, body: string | Buffer, headers?: Readonly<Record<string, string>>): Promise<Answer>;
  /** What arrived for a message, once something did. */
  arrivalOf(messageId: string): Promise<Arrival>;
  /** A message once it is in a state. */
  messageIn(messageId: string, state: string): Promise<unknown>;
  /** The only delivery of a message, once it is in a state. */
  deliveryIn(messageId: string, state: string): Promise<unknown>;
  /** Starts a hub in the place of one that ended: same data, same port. */
  startAgain(): Promise<HubProcess>;
  close(): Promise<void>;
}

const PATIENCE_MS = 60_000;

export async function hubUnderTest(): Promise<HubUnderTest> {
  const dir = mkdtempSync(join(tmpdir(), 'nave-contract-'));
  const database = await disposableDatabase();
  const sink = await startSink();
  const env = { DATABASE_URL: database.url, NAVE_SECRET_KEY: Buffer.alloc(32, 5).toString('base64'), NAVE_EGRESS: '127.0.0.1' };
  const options = { dataDir: dir, port: await freePort(), env };
  const hub = await startHub(options);
  let current = hub;
  const message = (id: string) => hub.api('GET', `/api/v1/messages/${id}`);

  async function deliveryIn(messageId: string, state: string): Promise<unknown> {
    return waitFor(`the delivery of ${messageId} is ${state}`, PATIENCE_MS, async () => {
      const [delivery] = listAt(await message(messageId), 'deliveries');
      return delivery !== undefined && textAt(delivery, 'state') === state ? delivery : null;
    });
  }

  return {
    hub,
    sink,
    databaseUrl: database.url,
    async post(path, body, headers = {}) {
      const signal = AbortSignal.timeout(PATIENCE_MS);
      return answerOf(
        await fetch(`${hub.url}${path}`, { method: 'POST', headers, body: typeof body === 'string' ? body : new Uint8Array(body), signal }),
      );
    },
    arrivalOf: (messageId) =>
      waitFor(`${messageId} arrives`, PATIENCE_MS, () => sink.arrivals.find((arrival) => arrival.messageId === messageId)),
    messageIn: (messageId, state) =>
      waitFor(`${messageId} is ${state}`, PATIENCE_MS, async () => {
        const found = await message(messageId);
        return textAt(found, 'state') === state ? found : null;
      }),
    deliveryIn,
    async startAgain() {
      current = await startHub(options);
      return current;
    },
    async close() {
      sink.release();
      await endHub(current);
      await sink.close();
      await database.drop();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}
