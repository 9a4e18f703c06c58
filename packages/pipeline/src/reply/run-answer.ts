/** The reply of a run whose last step succeeded, from memory or from its rows: the same one each time it is asked for. */
import { parseBody } from '@nave/adapter-kit';
import {
  type CallStore,
  type DeliveryRecord,
  decodeContent,
  HubError,
  isHubError,
  type OutcomeResponse,
  type RunStep,
  type Sealer,
} from '@nave/core';
import { callBindings, expressionRoot } from '../expression-root.ts';
import { decodeOutput } from '../step-output.ts';
import { type CallEnd, problem } from './call-end.ts';
import type { CallRun } from './call-run.ts';
import { makeReply, type ReplyFacts, type StepAnswer } from './make-reply.ts';

export interface RunAnswers {
  /** What a step answered by its record. */
  ofRecord(stepName: string, record: DeliveryRecord): Promise<StepAnswer>;
  ofSteps(steps: readonly RunStep[]): Promise<StepAnswer[]>;
  /** @param last the delivery of the last step, which seeds `$uuid()`, and when it was made */
  reply(run: CallRun, answers: readonly StepAnswer[], last: { id: string; createdAtMs: number }): Promise<CallEnd>;
}

export function createRunAnswers(deps: { sealer: Pick<Sealer, 'open'>; calls: Pick<CallStore, 'message'> }): RunAnswers {
  async function answer(name: string, deliveryId: string, output: Uint8Array | null, status: number | null): Promise<StepAnswer> {
    // An empty answer of the last step is not kept; its status is in the attempt.
    if (output === null) return { name, response: { ...NOTHING, status: status ?? 200 } };
    return { name, response: decodeOutput(await deps.sealer.open(output, `delivery:${deliveryId}:output`)) };
  }

  async function factsOf(run: CallRun, last: { id: string; createdAtMs: number }): Promise<ReplyFacts> {
    const { messageId, opened } = run;
    if (opened !== null) {
      const { message, content, data } = opened;
      const root = expressionRoot({ ...message, source: message.spoke, data, headers: content.headers });
      return { root, seed: last.id, nowMs: last.createdAtMs, bindings: callBindings(content) };
    }
    const stored = await deps.calls.message(messageId);
    if (stored === null) throw new HubError('seal.destroyed', { detail: 'The first call is not kept any more' });
    const content = decodeContent(await deps.sealer.open(stored.content, `message:${messageId}`));
    const parsed = parseBody(stored.contentType, content.body);
    const facts = { ...stored, id: messageId, source: stored.spoke, data: parsed.ok ? parsed.data : null, headers: content.headers };
    return { root: expressionRoot(facts), seed: last.id, nowMs: last.createdAtMs, bindings: callBindings(content) };
  }

  return {
    ofRecord: (stepName, { id, output, attempt }) => answer(stepName, id, output, attempt?.status ?? null),
    ofSteps: (steps) =>
      Promise.all(steps.map(({ stepName, id, output, attempt }) => answer(stepName, id, output, attempt?.status ?? null))),
    async reply(run, answers, last) {
      const { messageId, duplicate } = run;
      try {
        const reply = await makeReply(run.route.call.reply, answers, () => factsOf(run, last));
        return { kind: 'reply', reply, messageId, duplicate };
      } catch (error) {
        if (!isHubError(error)) throw error;
        return { kind: 'problem', ...problem(error), messageId, duplicate };
      }
    },
  };
}

const NOTHING: Omit<OutcomeResponse, 'status'> = { headers: {}, contentType: '', body: new Uint8Array(0) };
