/** What is known of one call's run while it is under way in this process. */
import type { CompiledCall, CompiledRoute } from '../registry.ts';
import type { OpenMessage } from '../take-over.ts';
import type { Caller } from './caller.ts';
import type { StepAnswer } from './make-reply.ts';

export interface CallRun {
  route: CompiledRoute & { call: CompiledCall };
  messageId: string;
  caller: Caller;
  /** The message as it was accepted here; null for a repeat. */
  opened: OpenMessage | null;
  /** What the steps answered that this process took. */
  answers: StepAnswer[];
  /** Follows the run of an earlier call under the same key, and leaves it alone. */
  duplicate: boolean;
  /** Is stored to try out a spoke whose breaker is open: the hub's probe sends it. */
  probes: boolean;
  /** Ends the attempt under way. */
  breakOff: AbortController;
  /** What is recorded after the answer. */
  later: Promise<unknown>;
}
