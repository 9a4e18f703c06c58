/** Drives one run of a reply route to an answer: attempts under our own lease while a caller waits, and everything else left to workers. */
import { type ClaimedDelivery, type DeliveryRecord, HubError } from '@nave/core';
import { untouched } from '../delivery-record.ts';
import { CALL_REASONS, type CallEnd, held, problem, refused, timedOut, type Unfinished, unsure } from './call-end.ts';
import type { CallRun } from './call-run.ts';
import type { CallRunnerDeps } from './call-runner.ts';
import type { Gone } from './caller.ts';
import { createLook, type Look } from './look-at-run.ts';
import type { StepAnswer } from './make-reply.ts';
import { createRunAnswers } from './run-answer.ts';

export interface RunDriver {
  /** @param claimedAt monotonic, before `first` became ours */
  drive(run: CallRun, first: ClaimedDelivery | null, claimedAt: number): Promise<Unfinished | CallEnd>;
  /** What somebody is told who does not wait any longer. */
  leftEnd(run: CallRun, gone: Gone): Unfinished;
  /** Resolves when what was left for after the answer is recorded. */
  recorded(run: CallRun): Promise<unknown>;
}

/** What follows an attempt: an end, the next delivery of the run that is ours, or (null) a look at the rows. */
type After = { end: Unfinished | CallEnd } | { next: Ours | null; afterMs?: number };
interface Ours {
  delivery: ClaimedDelivery;
  claimedAt: number;
}

/** What a retry needs beside its delay, to be worth waiting for. */
const RETRY_MARGIN_MS = 20;

export function createRunDriver(deps: CallRunnerDeps): RunDriver {
  const answers = createRunAnswers(deps);
  const look = createLook({
    ...{ ...deps, answers },
    async routeVersion(name, version) {
      const route = await deps.registry.routeVersion(name, version);
      return route?.call === undefined ? null : { ...route, call: route.call };
    },
  });

  const endingOf = ({ route: { call } }: CallRun, gone: Gone) =>
    gone === 'timeout' ? call.onTimeout : gone === 'hangup' ? call.onHangup : 'finish';

  function leftEnd(run: CallRun, gone: Gone): Unfinished {
    if (gone === 'stopping') return problem(new HubError('hub.stopping', { detail: STOPPING, retryAfterSeconds: 5 }));
    return timedOut(endingOf(run, gone) === 'finish');
  }

  async function save(run: CallRun, delivery: ClaimedDelivery, record: DeliveryRecord): Promise<boolean> {
    const ours = await deps.record(record, run.breakOff.signal);
    if (ours) deps.onFinished(delivery, record);
    return ours;
  }

  /** Gives a delivery up that nothing has become of: workers take it, or nobody does. What may have left stays unknown. */
  async function leave(run: CallRun, delivery: ClaimedDelivery, ending: 'finish' | 'cancel', reason: string): Promise<void> {
    const cancelled = ending === 'cancel' && !delivery.sending;
    const given = untouched(delivery);
    const ours = await save(run, delivery, cancelled ? { ...given, state: 'cancelled', reason, delayMs: null } : given);
    if (ours && !cancelled) deps.bell.ring([{ spoke: delivery.spoke, deliveryId: delivery.id }]);
  }

  async function attempt(run: CallRun, { delivery, claimedAt }: Ours): Promise<After> {
    const lease = deps.hold(delivery, claimedAt);
    let later: Promise<unknown> | null = null;
    try {
      const { caller } = run;
      const turn =
        caller.gone() === null ? await deps.turns.take(delivery.spoke, caller.leftMs(), caller.signal) : { kind: 'left' as const };
      if (turn.kind === 'left') {
        const gone = caller.gone() ?? 'timeout';
        await leave(run, delivery, endingOf(run, gone), gone === 'hangup' ? CALL_REASONS.hangup : CALL_REASONS.timeout);
        return { end: leftEnd(run, gone) };
      }
      if (turn.kind === 'held') {
        const { onFailure } = run.route.call;
        await leave(run, delivery, onFailure, CALL_REASONS.held);
        return { end: held(delivery.spoke, turn.forMs, onFailure === 'finish') };
      }
      const record = await deps.deliver(delivery, run.breakOff.signal, lease).finally(turn.end);
      if (record === null || lease.lost) return { next: null };
      const settled = await settle(run, delivery, record);
      later = settled.later;
      return settled.after;
    } finally {
      if (later === null) lease.release();
      else void later.then(lease.release, lease.release);
    }
  }

  async function settle(
    run: CallRun,
    delivery: ClaimedDelivery,
    record: DeliveryRecord,
  ): Promise<{ after: After; later: Promise<unknown> | null }> {
    const now = async (saved: DeliveryRecord, after: After) => {
      const ours = await save(run, delivery, saved);
      // Somebody else has it: their result counts.
      return { after: ours ? after : { next: null }, later: null };
    };
    /** The answer first. */
    const afterwards = (end: Unfinished | CallEnd) => {
      const later = new Promise((resolve) => setImmediate(resolve)).then(() => save(run, delivery, record));
      run.later = later;
      return { after: { end }, later };
    };
    const { attempt: tried } = record;
    const attempted = tried === null ? null : { outcome: tried.outcome, status: tried.status, retryAfterMs: tried.retryAfterMs };
    const gone = run.caller.gone();
    if (record.state === 'succeeded') {
      // Somebody else took the steps before: theirs are in their rows.
      if (run.answers.length !== delivery.step) run.answers = await earlier(run, delivery.step);
      run.answers.push(await answers.ofRecord(delivery.stepName, record));
      const { next } = record;
      if (next === null) return afterwards(await answers.reply(run, run.answers, delivery));
      if (gone !== null && endingOf(run, gone) === 'finish') {
        const saved = await now(record, { end: leftEnd(run, gone) });
        deps.bell.ring([{ spoke: next.spoke, deliveryId: next.id }]);
        return saved;
      }
      if (!(await save(run, delivery, record))) return { after: { next: null }, later: null };
      const claimedAt = performance.now();
      const [claimed] = await deps.store.claim([next.id], deps.owner, deps.leaseMs);
      return { after: { next: claimed === undefined ? null : { delivery: claimed, claimedAt } }, later: null };
    }
    if (record.state === 'dead' || record.state === 'skipped' || record.state === 'cancelled')
      return afterwards(refused(delivery.spoke, attempted, false));
    if (gone !== null) {
      const cancels = endingOf(run, gone) === 'cancel' && record.state !== 'unknown';
      const reason = gone === 'hangup' ? CALL_REASONS.hangup : CALL_REASONS.timeout;
      const saved = await now(cancels ? { ...record, state: 'cancelled', heldBy: null, reason, delayMs: null } : record, {
        end: leftEnd(run, gone),
      });
      if (!cancels && record.delayMs === 0) deps.bell.ring([{ spoke: delivery.spoke, deliveryId: delivery.id }]);
      return saved;
    }
    const { delayMs } = record;
    if (delayMs !== null && delayMs + RETRY_MARGIN_MS < run.caller.leftMs()) return now(record, { next: null, afterMs: delayMs });
    if (record.state === 'unknown') return afterwards(unsure(delivery.spoke, attempted));
    const goesOn = run.route.call.onFailure === 'finish';
    const end = refused(delivery.spoke, attempted, goesOn);
    const ended: DeliveryRecord = { ...record, state: 'cancelled', heldBy: null, reason: CALL_REASONS.failed, delayMs: null };
    return now(goesOn ? record : ended, { end });
  }

  async function earlier(run: CallRun, step: number): Promise<StepAnswer[]> {
    const steps = await deps.calls.run(run.messageId, run.route.definition.name);
    return answers.ofSteps(steps.filter((each) => each.step < step));
  }

  /** A look said that there is nothing to wait for, or the caller has gone: what nobody has may be cancelled. */
  async function giveUp(
    run: CallRun,
    { waits }: Extract<Look, { kind: 'wait' }>,
    ending: 'finish' | 'cancel',
    reason: string,
  ): Promise<void> {
    if (waits === null || ending === 'finish' || run.duplicate || waits.state === 'unknown') return;
    const cancelled = await deps.calls.cancel(waits.id, reason);
    if (cancelled?.lane == null) return;
    const heads = await deps.store.advanceLanes([cancelled.lane]);
    if (heads.length > 0) deps.bell.ring(heads);
  }

  async function wait(run: CallRun, ms: number): Promise<void> {
    if (run.caller.gone() !== null) return;
    await new Promise<void>((resolve) => {
      const over = () => {
        clearTimeout(timer);
        run.caller.signal.removeEventListener('abort', over);
        resolve();
      };
      const timer = setTimeout(over, ms);
      run.caller.signal.addEventListener('abort', over);
    });
  }

  return {
    leftEnd,
    async drive(run, first, claimedAt) {
      void run.caller.left.then((gone) => {
        if (endingOf(run, gone) === 'cancel') run.breakOff.abort();
      });
      let ours: Ours | null = first === null ? null : { delivery: first, claimedAt };
      for (;;) {
        if (ours !== null) {
          const after: After = await attempt(run, ours);
          if ('end' in after) return after.end;
          ours = after.next;
          if (after.afterMs !== undefined) await wait(run, after.afterMs);
          continue;
        }
        const seen = await look(run);
        if (seen.kind === 'end') return seen.end;
        if (seen.kind === 'ours') {
          ours = seen;
          continue;
        }
        if (seen.giveUp !== undefined) {
          await giveUp(run, seen, run.route.call.onFailure, CALL_REASONS.failed);
          return seen.giveUp;
        }
        const gone = run.caller.gone();
        if (gone !== null) {
          await giveUp(run, seen, endingOf(run, gone), gone === 'hangup' ? CALL_REASONS.hangup : CALL_REASONS.timeout);
          return leftEnd(run, gone);
        }
        await wait(run, seen.ms);
      }
    },
    recorded: (run) => run.later.catch(() => undefined),
  };
}

const STOPPING = 'The hub is stopping. The call is stored, and the hub or another process goes on with it.';
