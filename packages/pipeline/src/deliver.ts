/** Delivering: map, mark, send with a timeout, decide. Takes a claimed delivery, gives the record of what became of it. */
import { type OperationDeclaration, type OperationInput, parseBody } from '@nave/adapter-kit';
import {
  type ClaimedDelivery,
  type Clock,
  type DeliveryRecord,
  decodeContent,
  deriveUuid,
  type Ids,
  isHubError,
  type Logger,
  type MessageContent,
  type MessageStore,
  messageOf,
  nextStep,
  type Outcome,
  type Sealer,
  type SealKey,
  timeOfUuid,
} from '@nave/core';
import { earlierSteps, NO_STEPS } from './earlier-steps.ts';
import { encodeExcerpt } from './excerpt.ts';
import { expressionRoot, expressionScope } from './expression-root.ts';
import { followingStep } from './plan-next-step.ts';
import { reasonOf } from './plan-routes.ts';
import type { CompiledRoute, CompiledSpoke, CompiledStep, Registry } from './registry.ts';
import { createAttempts } from './send-attempt.ts';
import { encodeOutput } from './step-output.ts';
import { storableLine } from './storable.ts';

export interface DeliverDeps {
  store: MessageStore;
  registry: Registry;
  sealer: Sealer;
  clock: Clock;
  ids: Ids;
  logger: Logger;
  /** Marks an attempt as about to leave; false when the lease is no longer ours. Batched by the caller. */
  markSending: (delivery: ClaimedDelivery) => Promise<boolean>;
}

/** @param stopping aborted when the process gives up waiting for deliveries under way */
export type Deliver = (delivery: ClaimedDelivery, stopping: AbortSignal) => Promise<DeliveryRecord | null>;

/** Answers null when the lease was lost before anything left: nothing is to be recorded. */
export function createDeliver(deps: DeliverDeps): Deliver {
  const attempts = createAttempts(deps);
  return async (delivery, stopping) => {
    const startedAtMs = deps.clock.now();
    const key = await deps.sealer.keyFor(`spoke:${delivery.source}`, timeOfUuid(delivery.messageId));
    const prepared = await prepare(deps, delivery).catch((error: unknown) => {
      deps.logger.warn({ deliveryId: delivery.id, reason: messageOf(error) }, 'a delivery could not be prepared and goes back');
      return null;
    });
    if (prepared === null) return { ...untouched(delivery), delayMs: GO_BACK_MS };
    if (!prepared.ok) return recordOf(deps, delivery, key, startedAtMs, prepared.outcome, prepared.context);
    const { context, input } = prepared;
    if (context.operation.idempotent === 'never' && !(await deps.markSending(delivery))) return null;
    const outcome = await attempts.send(delivery, context.spoke.definition.policy.timeoutMs, input, stopping);
    // A stop is not the other side's doing: the delivery goes back as it was, unless it may have left and must not be sent twice.
    if (
      stopping.aborted &&
      outcome.kind !== 'ok' &&
      outcome.status === null &&
      !(outcome.sent && context.operation.idempotent === 'never')
    ) {
      return { ...untouched(delivery), state: 'pending', delayMs: 0, reason: null };
    }
    return recordOf(deps, delivery, key, startedAtMs, outcome, context);
  };
}

interface SendContext {
  spoke: CompiledSpoke;
  operation: OperationDeclaration;
  route: CompiledRoute | null;
  step: CompiledStep | null;
  content: MessageContent | null;
  /** The mapped input where there is one, to be stored for later attempts. */
  mapped: Uint8Array | null;
}

type Prepared = { ok: true; context: SendContext; input: OperationInput } | { ok: false; outcome: Outcome; context: SendContext | null };

async function prepare(deps: DeliverDeps, delivery: ClaimedDelivery): Promise<Prepared> {
  if (deps.registry.spoke(delivery.spoke)?.operation(delivery.operation) == null) await deps.registry.refresh();
  const spoke = deps.registry.spoke(delivery.spoke);
  if (spoke === null) return failed('rejected', `The spoke ${delivery.spoke} no longer exists`);
  const operation = spoke.operation(delivery.operation);
  if (operation === null) return failed('rejected', `The spoke ${delivery.spoke} has no operation ${delivery.operation}`);
  try {
    const route = await deps.registry.routeVersion(delivery.route, delivery.routeVersion);
    const step = route?.steps[delivery.step] ?? null;
    if (route === null || step === null)
      return failed('rejected', `Version ${delivery.routeVersion} of the route ${delivery.route} no longer exists`);
    const content = decodeContent(await deps.sealer.open(delivery.message.content, `message:${delivery.messageId}`));
    const context: SendContext = { spoke, operation, route, step, content, mapped: null };
    return await mapInput(deps, delivery, context, step, content);
  } catch (error) {
    // What the expression or the stored value is to blame for will fail again; anything else is the hub's own moment.
    if (!isHubError(error) || !(error.code.startsWith('expression.') || error.code === 'seal.key')) throw error;
    return failed('invalid', reasonOf('input', error));
  }
}

async function mapInput(
  deps: DeliverDeps,
  delivery: ClaimedDelivery,
  context: SendContext,
  step: CompiledStep,
  content: MessageContent,
): Promise<Prepared> {
  if (delivery.input !== null) {
    const stored = Buffer.from(await deps.sealer.open(delivery.input, `delivery:${delivery.id}:input`)).toString('utf8');
    return { ok: true, context, input: { data: JSON.parse(stored), raw: null } };
  }
  const { contentType } = delivery.message;
  const parsed = parseBody(contentType, content.body);
  const data = parsed.ok ? parsed.data : null;
  if (step.input === null) return { ok: true, context, input: { data, raw: { bytes: content.body, contentType } } };
  const earlier = delivery.step === 0 ? NO_STEPS : await earlierSteps(deps, delivery);
  const root = expressionRoot(
    {
      id: delivery.messageId,
      type: delivery.message.type,
      source: delivery.source,
      data,
      headers: content.headers,
      receivedAtMs: delivery.message.receivedAtMs,
      correlationId: delivery.message.correlationId,
    },
    earlier.steps,
  );
  const mapped = await step.input.evaluate(root, expressionScope(delivery.id, delivery.createdAtMs, { responses: earlier.responses }));
  if (mapped === undefined) return failed('invalid', 'input expression.evaluate: The mapping selects nothing', context);
  const text = JSON.stringify(mapped);
  return { ok: true, context: { ...context, mapped: Buffer.from(text, 'utf8') }, input: { data: mapped, raw: null } };
}

async function recordOf(
  deps: DeliverDeps,
  delivery: ClaimedDelivery,
  key: SealKey,
  startedAtMs: number,
  outcome: Outcome,
  context: SendContext | null,
): Promise<DeliveryRecord> {
  const number = delivery.attemptCount + 1;
  const operation = context?.operation;
  const decision = nextStep({
    outcome,
    policy: context?.spoke.definition.policy.retry ?? NO_RETRY,
    attempt: number - delivery.attemptBase,
    idempotent: operation?.idempotent ?? 'key',
    random: deps.ids.random(),
    ...(operation?.retryOn === undefined ? {} : { retryOn: operation.retryOn }),
    ...(operation?.rejectOn === undefined ? {} : { rejectOn: operation.rejectOn }),
  });
  const attemptId = deriveUuid(delivery.id, 'attempt', delivery.id, number);
  const excerpt = encodeExcerpt(outcome);
  // An empty answer is only kept where a later step may ask for its status.
  const isLast = context?.route?.steps[delivery.step + 1] === undefined;
  const keepOutput = outcome.kind === 'ok' && outcome.response !== undefined && (outcome.response.body.length > 0 || !isLast);
  return {
    ...untouched(delivery),
    state: decision.state,
    reason: decision.state === 'succeeded' ? null : decision.reason,
    delayMs: decision.state === 'retrying' ? decision.delayMs : null,
    input: context === null || context.mapped === null ? null : key.seal(context.mapped, `delivery:${delivery.id}:input`),
    output:
      keepOutput && outcome.response !== undefined ? key.seal(encodeOutput(outcome.response), `delivery:${delivery.id}:output`) : null,
    attempt: {
      id: attemptId,
      number,
      startedAtMs,
      durationMs: Math.max(0, Math.round(deps.clock.now() - startedAtMs)),
      outcome: outcome.kind,
      status: outcome.status,
      detail: storableLine(outcome.detail),
      excerpt: excerpt === null ? null : key.seal(excerpt, `attempt:${attemptId}`),
    },
    next: decision.state === 'succeeded' ? nextDelivery(delivery, context) : null,
  };
}

function nextDelivery(delivery: ClaimedDelivery, context: SendContext | null): DeliveryRecord['next'] {
  const following = followingStep({ ...delivery, deliveryId: delivery.id }, context?.route ?? null);
  if (following === null) return null;
  const { messageId, source, route, routeVersion, laneKey, createdAtMs, replayId } = delivery;
  return {
    ...following,
    messageId,
    source,
    route,
    routeVersion,
    laneKey,
    createdAtMs,
    replayId,
    state: 'pending',
    reason: null,
    replayOf: null,
  };
}

function untouched(delivery: ClaimedDelivery): DeliveryRecord {
  return {
    id: delivery.id,
    fence: delivery.fence,
    state: 'pending',
    heldBy: null,
    reason: null,
    delayMs: 0,
    input: null,
    output: null,
    attempt: null,
    next: null,
  };
}

/** Milliseconds until a delivery is due again that the hub itself could not prepare. */
const GO_BACK_MS = 1_000;

const NO_RETRY = { attempts: 1, baseMs: 0, maxMs: 0, factor: 1, jitter: false };

function failed(kind: 'rejected' | 'invalid', detail: string, context: SendContext | null = null): Prepared {
  return { ok: false, outcome: { kind, status: null, detail, sent: false }, context };
}
