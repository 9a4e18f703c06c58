/** The accepting side of the yardstick: Fastify, a group commit, and a ticket for what was committed. Gives the port it listens on. */
import Fastify from 'fastify';
import { groupCommit } from './group-commit.ts';
import type { Row, Rows } from './rows.ts';

export interface AcceptOptions {
  rows: Rows;
  /** Adds a ticket. */
  ring: (ids: readonly string[]) => Promise<void>;
}

export interface Accepting {
  port: number;
  /** Lets the next batches in: so many are delivered and recorded. */
  delivered(count: number): void;
}

const BATCH_MAX = 256;
/** Accepted and not yet delivered at most; beyond it the next batch waits, so that the backlog does not grow as long as the load lasts. */
const BACKLOG_MAX = 512;
/** A ticket costs the same whatever it carries; when nothing goes on the last one is long ago. */
const RING_GAP_MS = 8;

export async function startAccepting({ rows, ring }: AcceptOptions): Promise<Accepting> {
  let backlog = 0;
  let letIn: (() => void)[] = [];

  const rung = groupCommit<string>({ write: ring, batchMax: 2 * BATCH_MAX, writersMax: 1, gapMs: RING_GAP_MS });
  const stored = groupCommit<Row>({
    batchMax: BATCH_MAX,
    writersMax: 1,
    async write(batch) {
      if (backlog >= BACKLOG_MAX) await new Promise<void>((done) => letIn.push(done));
      backlog += batch.length;
      await rows.accept(batch);
      for (const { id } of batch) rung(id).catch((error: unknown) => console.error(`yardstick: ringing failed: ${String(error)}`));
    },
  });

  const app = Fastify({ logger: false });
  // Parsed, so that what is no JSON is refused, and kept as it came.
  app.addContentTypeParser<string>('application/json', { parseAs: 'string' }, (_request, body, done) => {
    try {
      JSON.parse(body);
      done(null, body);
    } catch (error) {
      done(error instanceof Error ? error : new Error('not JSON'));
    }
  });
  app.post<{ Body: string }>('/hooks/shop', async (request, reply) => {
    const messageId = timeOrderedId();
    await stored({ id: messageId, body: request.body });
    return reply.code(202).send({ messageId, duplicate: false });
  });
  await app.listen({ host: '127.0.0.1', port: 0 });
  const address = app.server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    delivered(count) {
      backlog -= count;
      if (backlog >= BACKLOG_MAX) return;
      const waiting = letIn;
      letIn = [];
      for (const done of waiting) done();
    },
  };
}

/** A UUIDv7 (RFC 9562): new rows go to the end of the index. */
function timeOrderedId(): string {
  const ms = Date.now().toString(16).padStart(12, '0');
  return `${ms.slice(0, 8)}-${ms.slice(8)}-7${crypto.randomUUID().slice(15)}`;
}
