/** A closed loop: every connection sends its next message when the one before is answered, so messages of one connection have an order. */
import { rawConnection } from './raw-connection.ts';
import { type RequestShape, requestsOf } from './requests.ts';
import { type LoadResult, startTally } from './tally.ts';

export interface ClosedLoop extends RequestShape {
  connections: number;
  durationMs: number;
  /** Messages at most. */
  count: number;
}

/** Runs until the time is up or everything is sent, and answered. Each connection is a lane. */
export async function closedLoop(order: ClosedLoop): Promise<LoadResult> {
  const next = requestsOf(order);
  const tally = startTally();
  const deadline = performance.now() + order.durationMs;
  const run = `${process.pid}-${Math.round(performance.now())}`;
  let left = order.count;

  const runConnection = (number: number) =>
    new Promise<void>((done) => {
      const connection = rawConnection(order.host, order.port);
      let seq = 0;
      const send = () => {
        const sentAt = performance.now();
        if (left <= 0 || sentAt >= deadline) {
          connection.close();
          return done();
        }
        left -= 1;
        seq += 1;
        connection.send(next(`${run}-${number}`, seq), (status) => {
          tally.answered(status, performance.now() - sentAt);
          send();
        });
      };
      send();
    });

  await Promise.all(Array.from({ length: order.connections }, (_, number) => runConnection(number)));
  return tally.result();
}
