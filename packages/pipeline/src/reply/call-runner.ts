/**
 * Runs the calls of this process: accepts, takes the steps one after the other under its own lease, and answers as soon as the answer is known; it is recorded
 * after that. Whatever cannot end while the caller waits goes back to where every delivery is: to workers, by lease, due time and ticket.
 */
import {
  type AcceptedVerdict,
  type Bell,
  type CallStore,
  type ClaimedDelivery,
  type DeliveryRecord,
  HubError,
  type Logger,
  type MessageStore,
  messageOf,
  type NewMessage,
  type RawRequest,
  type Sealer,
} from '@nave/core';
import type { Accepter } from '../accept.ts';
import type { Deliver } from '../deliver.ts';
import type { Lease } from '../lease.ts';
import type { CompiledCall, CompiledInbound, CompiledRoute, CompiledSpoke, Registry } from '../registry.ts';
import { createCallAccepter } from './accept-call.ts';
import { type CallEnd, held, problem, timedOut, type Unfinished } from './call-end.ts';
import type { CallRun } from './call-run.ts';
import { waitingCaller } from './caller.ts';
import { createRunDriver } from './drive-run.ts';
import type { Turns } from './turns.ts';

export interface CallRunnerDeps {
  store: Pick<MessageStore, 'accept' | 'claim' | 'advanceLanes'>;
  calls: CallStore;
  accepter: Pick<Accepter, 'understand'>;
  registry: Pick<Registry, 'routeVersion'>;
  sealer: Pick<Sealer, 'open'>;
  deliver: Deliver;
  /** Records, also while the store is away for a moment. False: the lease was no longer ours. */
  record: (record: DeliveryRecord, stopping: AbortSignal) => Promise<boolean>;
  bell: Pick<Bell, 'ring'>;
  turns: Turns;
  /** Keeps the lease of a delivery alive until it is released. @param claimedAt monotonic */
  hold: (delivery: ClaimedDelivery, claimedAt: number) => HeldCallLease;
  /** Names this process in leases. */
  owner: string;
  leaseMs: number;
  now: () => number;
  logger: Logger;
  onAccepted: (accepted: { message: NewMessage; duplicate: boolean }) => void;
  onMismatch: (spoke: string, messageId: string) => void;
  onFinished: (delivery: ClaimedDelivery, record: DeliveryRecord) => void;
}

export interface HeldCallLease extends Lease {
  lost: boolean;
  release(): void;
}

export interface Call {
  route: CompiledRoute & { call: CompiledCall };
  /** The spoke that calls. */
  spoke: CompiledSpoke;
  inbound: CompiledInbound;
  request: RawRequest;
  /** Of the caller, who is known by now. */
  verdict: AcceptedVerdict;
  /** Below the route, without its leading slash. */
  path: string;
  /** The message's type where the spoke says none. */
  type: string;
  /** Aborted when the caller is not there any more. */
  hangup: AbortSignal | null;
}

export interface CallRunner {
  /** @throws HubError for what is wrong with the request (as `Accepter.hook`), and `store.unavailable`; then nothing is under way */
  call(call: Call): Promise<CallEnd>;
  /** Calls under way, with and without a caller. */
  active(): number;
  /** Takes no further calls, and after `patienceMs` tells callers who still wait that the hub is stopping; their calls go on. */
  dismiss(patienceMs: number): void;
  /** Waits for what is under way, then hands over what is not through by then. */
  stop(patienceMs: number): Promise<void>;
}

export function createCallRunner(deps: CallRunnerDeps): CallRunner {
  const accept = createCallAccepter(deps);
  const driver = createRunDriver(deps);
  const runs = new Set<{ run: CallRun; done: Promise<unknown> }>();
  /** Spokes that a call of this process is trying out: one at a time. */
  const trying = new Set<string>();
  const callers = new Set<CallRun['caller']>();
  let stopping = false;

  function drive(run: CallRun, first: ClaimedDelivery | null, claimedAt: number): Promise<Unfinished | CallEnd> {
    const work = driver.drive(run, first, claimedAt).catch((error: unknown) => {
      // The lease runs out, and a worker makes it again under the same key.
      deps.logger.error({ messageId: run.messageId, route: run.route.definition.name, reason: messageOf(error) }, 'a call broke off');
      return problem(new HubError('hub.internal', { cause: error }));
    });
    const entry = { run, done: work.then(() => driver.recorded(run)).finally(() => runs.delete(entry)) };
    runs.add(entry);
    return Promise.race([work, run.caller.left.then((gone) => driver.leftEnd(run, gone))]);
  }

  async function follow(call: Call, run: CallRun): Promise<CallEnd> {
    const end = await drive(run, null, 0);
    if ('messageId' in end) return end;
    const busy = end.error.code === 'reply.timeout' && run.caller.gone() === 'timeout';
    const error = busy ? new HubError('reply.running', { detail: RUNNING, retryAfterSeconds: retryAfter(call) }) : end.error;
    return { kind: 'problem', ...end, error, messageId: run.messageId, duplicate: true };
  }

  async function made(call: Call, caller: CallRun['caller'], spoke: string, tried: boolean): Promise<CallEnd> {
    const { route } = call;
    const open = await deps.accepter.understand(call.spoke, call.inbound, call.request, call.verdict, {
      ...{ route, type: call.type, path: call.path },
    });
    const { message } = open;
    const hold = deps.turns.hold(spoke);
    const waits = hold !== null && !tried && !(hold.why === 'patience' && hold.forMs < caller.leftMs());
    if (waits && route.call.onFailure === 'cancel') {
      const known = message.idempotencyKeys.length === 0 ? null : await deps.calls.known(message.spoke, message.idempotencyKeys);
      if (known === null) return { kind: 'problem', ...held(spoke, hold.forMs, false), messageId: null, duplicate: false };
    }
    const acceptedAt = performance.now();
    const { result, taken } = await accept(open, !waits && !tried);
    const messageId = result.duplicateOf ?? message.id;
    deps.onAccepted({ message, duplicate: result.duplicateOf !== null });
    if (result.duplicateOf !== null) {
      if (result.mismatch) deps.onMismatch(message.spoke, messageId);
      return follow(call, { ...newRun(call, caller, messageId), duplicate: true });
    }
    const [planned] = message.deliveries;
    if (planned?.state === 'skipped') return refusal(messageId, new HubError('reply.filtered', { detail: FILTERED }));
    if (planned?.state === 'dead') return refusal(messageId, new HubError('expression.evaluate', { detail: planned.reason ?? 'when' }));
    if (waits) return { kind: 'problem', ...held(spoke, hold.forMs, true), messageId, duplicate: false };
    const run: CallRun = { ...newRun(call, caller, messageId), opened: open, probes: tried };
    const end = await drive(run, taken, acceptedAt);
    return 'messageId' in end ? end : { kind: 'problem', ...end, messageId, duplicate: false };
  }

  return {
    async call(call) {
      if (stopping) throw new HubError('hub.stopping', { retryAfterSeconds: 5 });
      const { route } = call;
      const spoke = route.definition.steps[0]?.to ?? '';
      const caller = waitingCaller(route.call.timeoutMs, call.hangup);
      callers.add(caller);
      const tried = deps.turns.hold(spoke)?.why === 'probe' && !trying.has(spoke);
      if (tried) trying.add(spoke);
      try {
        const work = made(call, caller, spoke, tried);
        // Storing has its own end; when it takes longer than the caller's time, nobody knows whether it is stored.
        const late = caller.left.then(async (gone): Promise<CallEnd> => {
          const within = await Promise.race([work.catch(() => null), new Promise<null>((resolve) => setImmediate(resolve, null))]);
          const goesOn = (gone === 'hangup' ? route.call.onHangup : route.call.onTimeout) === 'finish';
          const end = gone === 'stopping' ? problem(new HubError('hub.stopping', { retryAfterSeconds: 5 })) : timedOut(goesOn);
          return within ?? { kind: 'problem', ...end, messageId: null, duplicate: false };
        });
        return await Promise.race([work, late]);
      } finally {
        caller.done();
        callers.delete(caller);
        if (tried) trying.delete(spoke);
      }
    },
    active: () => runs.size,
    dismiss(patienceMs) {
      stopping = true;
      setTimeout(() => {
        for (const caller of callers) caller.stop();
      }, patienceMs).unref();
    },
    async stop(patienceMs) {
      stopping = true;
      const all = () => Promise.all([...runs].map(({ done }) => done));
      const timer = setTimeout(() => {
        for (const { run } of runs) run.caller.stop();
        for (const { run } of runs) run.breakOff.abort();
      }, patienceMs);
      await all();
      clearTimeout(timer);
      await accept.drained();
    },
  };
}

function newRun(call: Call, caller: CallRun['caller'], messageId: string): CallRun {
  const { route } = call;
  return {
    ...{ route, caller, messageId, answers: [], duplicate: false, probes: false, opened: null },
    breakOff: new AbortController(),
    later: Promise.resolve(),
  };
}

function refusal(messageId: string, error: HubError): CallEnd {
  return { kind: 'problem', ...problem(error), messageId, duplicate: false };
}

/** A guess that is at least not too eager. */
function retryAfter({ route }: Call): number {
  return Math.max(1, Math.min(60, Math.ceil(route.call.timeoutMs / 1_000)));
}

const RUNNING = 'The first call with this key has no answer yet. Call again with the same key later.';
const FILTERED = 'The route\'s "when" does not hold for this call. It is stored, and nothing was sent.';
