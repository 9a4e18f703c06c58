/** How a run stands that this process does not have at the moment: over, to be taken, or to be waited for. */
import { type CallStore, type ClaimedDelivery, HubError, type MessageStore, type RunStep } from '@nave/core';
import { CALL_REASONS, type CallEnd, held, problem, refused, timedOut, type Unfinished, unsure } from './call-end.ts';
import type { CallRun } from './call-run.ts';
import type { RunAnswers } from './run-answer.ts';
import type { Turns } from './turns.ts';

export type Look =
  | { kind: 'end'; end: Unfinished | CallEnd }
  /** Ours from now on. @see claimedAt monotonic, before it was claimed */
  | { kind: 'ours'; delivery: ClaimedDelivery; claimedAt: number }
  /** @see waits what may be cancelled, when nobody has it; null while somebody does */
  | { kind: 'wait'; ms: number; waits: RunStep | null; giveUp?: Unfinished };

export interface LookDeps {
  store: Pick<MessageStore, 'claim'>;
  calls: Pick<CallStore, 'run'>;
  turns: Pick<Turns, 'hold'>;
  answers: RunAnswers;
  routeVersion: (name: string, version: number) => Promise<CallRun['route'] | null>;
  owner: string;
  leaseMs: number;
}

/** Between two looks at a row that somebody else works on. */
const AGAIN_MS = 25;

export function createLook(deps: LookDeps): (run: CallRun) => Promise<Look> {
  return async (run) => {
    const steps = await deps.calls.run(run.messageId, run.route.definition.name);
    const last = steps.at(-1);
    if (last === undefined) return end(problem(new HubError('state.conflict', { detail: OTHER })));
    switch (last.state) {
      case 'succeeded':
        return succeeded(run, steps, last);
      case 'skipped':
        return end(problem(new HubError('reply.filtered', { detail: 'Nothing was sent for this call.' })));
      case 'dead':
        return end(refused(last.spoke, last.attempt, false));
      case 'cancelled':
      case 'compensated':
        return end(
          last.reason === CALL_REASONS.timeout || last.reason === CALL_REASONS.hangup
            ? timedOut(false)
            : refused(last.spoke, last.attempt, false),
        );
      case 'active':
        return { kind: 'wait', ms: AGAIN_MS, waits: null };
      case 'held':
        return heldRow(run, last);
      case 'unknown':
        return last.dueInMs === null ? end(unsure(last.spoke, last.attempt)) : waiting(run, last);
      case 'pending':
      case 'retrying':
        return waiting(run, last);
    }
  };

  async function succeeded(run: CallRun, steps: readonly RunStep[], last: RunStep): Promise<Look> {
    const { name, version } = run.route.definition;
    const route = last.routeVersion === version ? run.route : await deps.routeVersion(name, last.routeVersion);
    if (route === null) return end(problem(new HubError('state.conflict', { detail: GONE })));
    // The next step is there as soon as this one is: without it a person has skipped the rest.
    if (route.steps[last.step + 1] !== undefined) return { kind: 'wait', ms: AGAIN_MS, waits: null };
    return end(await deps.answers.reply({ ...run, route }, await deps.answers.ofSteps(steps), last));
  }

  function heldRow(run: CallRun, last: RunStep): Look {
    if (last.heldBy === 'lane') return { kind: 'wait', ms: AGAIN_MS, waits: last };
    // Whoever follows an earlier call waits with it; a probe that has not been sent yet will be.
    if (run.duplicate || (run.probes && last.attempt === null)) return { kind: 'wait', ms: AGAIN_MS, waits: last };
    const forMs = deps.turns.hold(last.spoke)?.forMs ?? 1_000;
    return { kind: 'wait', ms: 0, waits: last, giveUp: held(last.spoke, forMs, run.route.call.onFailure === 'finish') };
  }

  async function waiting(run: CallRun, last: RunStep): Promise<Look> {
    const dueInMs = last.dueInMs ?? 0;
    if (run.duplicate) return { kind: 'wait', ms: AGAIN_MS, waits: null };
    if (dueInMs > run.caller.leftMs()) {
      const goesOn = run.route.call.onFailure === 'finish';
      return { kind: 'wait', ms: 0, waits: last, giveUp: refused(last.spoke, last.attempt, goesOn) };
    }
    if (dueInMs > 0) return { kind: 'wait', ms: Math.min(dueInMs, 250), waits: last };
    // What is to be held will be in a moment.
    if (deps.turns.hold(last.spoke) !== null) return { kind: 'wait', ms: AGAIN_MS, waits: last };
    const claimedAt = performance.now();
    const [delivery] = await deps.store.claim([last.id], deps.owner, deps.leaseMs);
    return delivery === undefined ? { kind: 'wait', ms: AGAIN_MS, waits: last } : { kind: 'ours', delivery, claimedAt };
  }
}

function end(how: Unfinished | CallEnd): Look {
  return { kind: 'end', end: how };
}

const OTHER = 'The idempotency key belongs to another message of this spoke, which this route did not take.';
const GONE = 'The version of the route that took the first call no longer exists.';
