/** What the earlier steps of a run answered, for the expressions of a later one. */
import { parseBody } from '@nave/adapter-kit';
import type { ClaimedDelivery, MessageStore, Sealer } from '@nave/core';
import { decodeOutput } from './step-output.ts';

export interface EarlierSteps {
  steps: Record<string, unknown>;
  responses: Record<string, { status: number; headers: Readonly<Record<string, string>>; body: unknown }>;
}
/** Before the first step. */
export const NO_STEPS: EarlierSteps = { steps: {}, responses: {} };

/** @throws HubError when the store is away, or `seal.key` when an answer cannot be opened */
export async function earlierSteps(deps: { store: MessageStore; sealer: Sealer }, delivery: ClaimedDelivery): Promise<EarlierSteps> {
  const found: EarlierSteps = { steps: {}, responses: {} };
  const { messageId, id, route, routeVersion, step, replayId } = delivery;
  for (const { deliveryId: earlierId, stepName, output } of await deps.store.stepOutputs(
    messageId,
    id,
    route,
    routeVersion,
    step,
    replayId,
  )) {
    if (output === null) continue;
    const answer = decodeOutput(await deps.sealer.open(output, `delivery:${earlierId}:output`));
    const parsed = parseBody(answer.contentType, answer.body);
    const body = parsed.ok ? parsed.data : null;
    found.steps[stepName] = body;
    found.responses[stepName] = { status: answer.status, headers: answer.headers, body };
  }
  return found;
}
