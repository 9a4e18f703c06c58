/** An open loop: keeps its rate whatever the answers do. A message that finds no free connection waits for one, and its time runs meanwhile. */
import { type RawConnection, rawConnection } from './raw-connection.ts';
import { type RequestShape, requestsOf } from './requests.ts';
import { type LoadResult, startTally } from './tally.ts';

export interface OpenLoop extends RequestShape {
  connections: number;
  /** Rates one after the other. */
  stages: readonly { perSecond: number; durationMs: number }[];
}

const TICK_MS = 1;
/** Answers that come no more are not waited for longer. */
const LAST_ANSWER_MS = 30_000;

export async function openLoop(order: OpenLoop): Promise<LoadResult> {
  const next = requestsOf(order);
  const tally = startTally();
  const free: RawConnection[] = Array.from({ length: order.connections }, () => rawConnection(order.host, order.port));
  const all = [...free];
  const waiting: { request: Buffer; madeAt: number }[] = [];
  let taken = 0;
  let open = 0;
  let allAnswered: () => void = () => undefined;

  function send(connection: RawConnection, request: Buffer, madeAt: number): void {
    connection.send(request, (status) => {
      tally.answered(status, performance.now() - madeAt);
      open -= 1;
      const first = waiting[taken];
      if (first !== undefined) {
        taken += 1;
        return send(connection, first.request, first.madeAt);
      }
      free.push(connection);
      if (open === 0) allAnswered();
    });
  }

  function make(dueAt: number): void {
    const madeAt = performance.now();
    tally.late(madeAt - dueAt);
    open += 1;
    const request = next('open', 0);
    const connection = free.pop();
    if (connection === undefined) waiting.push({ request, madeAt });
    else send(connection, request, madeAt);
  }

  for (const { perSecond, durationMs } of order.stages) await stage(perSecond, durationMs, make);
  if (open > 0)
    await new Promise<void>((done) => {
      allAnswered = done;
      setTimeout(done, LAST_ANSWER_MS).unref();
    });
  for (const connection of all) connection.close();
  return tally.result();
}

/** Calls `make` for every message when it is due. */
function stage(perSecond: number, durationMs: number, make: (dueAt: number) => void): Promise<void> {
  const startedAt = performance.now();
  const count = Math.round((perSecond * durationMs) / 1_000);
  const dueAt = (n: number) => startedAt + (n * 1_000) / perSecond;
  let made = 0;
  return new Promise((done) => {
    const tick = () => {
      const now = performance.now();
      for (; made < count && dueAt(made) <= now; made += 1) make(dueAt(made));
      if (made >= count && now >= startedAt + durationMs) return done();
      setTimeout(tick, TICK_MS);
    };
    tick();
  });
}
