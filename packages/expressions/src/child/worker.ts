/** The child process: takes one job at a time over IPC and answers. Started by `ChildPool` with little memory, no environment and no rights. */
import { failureOf, LimitFailure } from '../failure.ts';
import { LIMITS } from '../limits.ts';
import { evaluateAny } from './evaluate-any.ts';
import { type FromChild, readJobInput, readToChild, type ToChild } from './protocol.ts';

const waiting = new Map<number, (value: string | undefined) => void>();

function send(message: FromChild): void {
  process.send?.(message);
}

async function work(job: Extract<ToChild, { kind: 'job' }>): Promise<void> {
  const { id } = job;
  let calls = 0;
  send({ kind: 'start', id });
  waiting.clear();
  try {
    const input = readJobInput(job.input);
    frozenMs = input.nowMs;
    const value = await evaluateAny(input, {
      selfLimitMs: job.selfLimitMs,
      lookup: (table, key) => {
        calls += 1;
        if (calls > LIMITS.lookupsMax) throw new LimitFailure('the expression calls $lookup too often');
        const call = calls;
        const answer = new Promise<string | undefined>((resolve) => waiting.set(call, resolve));
        send({ kind: 'lookup', id, call, table, key });
        return answer;
      },
    });
    send({ kind: 'done', id, result: value === undefined ? undefined : JSON.stringify(value) });
  } catch (error) {
    const failure = failureOf(error);
    if (failure instanceof LimitFailure) send({ kind: 'limit', id, reason: failure.message });
    else send({ kind: 'failed', id, code: failure.code, position: failure.position, token: failure.token, index: failure.index });
  }
}

/** JSONata fills what a date picture leaves out from the clock; the result has to be the same when the mapping runs again. */
let frozenMs: number | undefined;

const RealDate = globalThis.Date;
globalThis.Date = new Proxy(RealDate, {
  construct: (target, args: unknown[]) =>
    args.length === 0 && frozenMs !== undefined ? new RealDate(frozenMs) : Reflect.construct(target, args),
});

process.on('message', (message: unknown) => {
  const read = readToChild(message);
  if (read?.kind === 'job') void work(read);
  if (read?.kind === 'lookup-answer') {
    waiting.get(read.call)?.(read.value);
    waiting.delete(read.call);
  }
});
process.on('disconnect', () => process.exit());

/** Runs the usual parts once, so that the first job is not charged for loading them. */
await evaluateAny(
  {
    text: '($x := items[qty > 1].{ "n": $uppercase(sku) & "-" & qty }; $map($x, function($v) { $replace($v.n, /a/, "b") }))',
    root: { items: [{ sku: 'a', qty: 2 }] },
    bindings: {},
    responses: {},
    nowMs: 0,
    seed: '',
  },
  { selfLimitMs: 10_000, lookup: async () => undefined },
);
send({ kind: 'ready' });
