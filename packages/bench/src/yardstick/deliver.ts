/**
 * The delivering side of the yardstick. Rows are read ahead in large batches, so that the sends never wait for a read; a place is free again with the
 * answer, not with its record.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { Pool } from 'undici';
import { groupCommit } from './group-commit.ts';
import type { Row, Rows } from './rows.ts';

export interface DeliverOptions {
  rows: Rows;
  sinkPort: number;
  /** Called with how many results were recorded. */
  onRecorded: (count: number) => void;
}

/** Sends at once: the policy that Nave's spoke has in the same benchmark. */
const CONCURRENCY = 64;
const READ_AHEAD = 512;
const BATCH_MAX = 256;
const ANSWER_MS = 30_000;
const AGAIN_MS = 200;

/** @returns takes ids that are due */
export function startDelivering({ rows, sinkPort, onRecorded }: DeliverOptions): (ids: readonly string[]) => void {
  const target = new Pool(`http://127.0.0.1:${sinkPort}`, {
    ...{ connections: CONCURRENCY, pipelining: 1, headersTimeout: ANSWER_MS, bodyTimeout: ANSWER_MS },
  });
  let due: string[] = [];
  let buffer: Row[] = [];
  let active = 0;
  let reading = false;

  const record = groupCommit<{ id: string; status: number | null }>({
    batchMax: BATCH_MAX,
    writersMax: 1,
    async write(results) {
      await rows.record(results);
      onRecorded(results.length);
    },
  });

  async function refill(): Promise<void> {
    if (reading || due.length === 0 || buffer.length > READ_AHEAD / 2) return;
    reading = true;
    const ids = due.slice(0, READ_AHEAD - buffer.length);
    due = due.slice(ids.length);
    try {
      const read = await rows.read(ids);
      buffer = buffer.length === 0 ? read : buffer.concat(read);
    } catch (error) {
      console.error(`yardstick: reading failed: ${String(error)}`);
      due = [...ids, ...due];
      await sleep(AGAIN_MS);
    }
    reading = false;
    pump();
  }

  function pump(): void {
    const room = Math.min(CONCURRENCY - active, buffer.length);
    for (const row of buffer.splice(0, room)) {
      active += 1;
      void deliver(row);
    }
    void refill();
  }

  async function deliver({ id, body }: Row): Promise<void> {
    const status = await send(id, body);
    active -= 1;
    pump();
    await record({ id, status }).catch((error: unknown) => console.error(`yardstick: recording failed: ${String(error)}`));
  }

  async function send(id: string, body: string): Promise<number | null> {
    try {
      const headers = { 'content-type': 'application/json', 'idempotency-key': id };
      const answer = await target.request({ method: 'POST', path: '/invoices', headers, body });
      await answer.body.text();
      return answer.statusCode;
    } catch {
      return null;
    }
  }

  return (ids) => {
    due = due.length === 0 ? [...ids] : due.concat(ids);
    void refill();
  };
}
