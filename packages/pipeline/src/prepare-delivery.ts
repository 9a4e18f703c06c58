/** Everything a request needs before it can leave: the spoke and its operation, the step, and the input, mapped once and then kept. */
import { type OperationDeclaration, type OperationInput, parseBody } from '@nave/adapter-kit';
import {
  type ClaimedDelivery,
  decodeContent,
  isHubError,
  type MessageContent,
  type MessageStore,
  type Outcome,
  type Sealer,
} from '@nave/core';
import { earlierSteps, NO_STEPS } from './earlier-steps.ts';
import { mapInput, SELECTS_NOTHING } from './map-input.ts';
import { reasonOf } from './plan-routes.ts';
import type { CompiledRoute, CompiledSpoke, CompiledStep, Registry } from './registry.ts';

export interface PrepareDeps {
  store: MessageStore;
  registry: Registry;
  sealer: Sealer;
}

export interface SendContext {
  spoke: CompiledSpoke;
  operation: OperationDeclaration;
  route: CompiledRoute;
  step: CompiledStep;
  /** The mapped input where there is one, to be stored for later attempts. */
  mapped: Uint8Array | null;
}

/** `ok: false`: it can never leave; the outcome says why. */
export type Prepared =
  | { ok: true; context: SendContext; input: OperationInput }
  | { ok: false; outcome: Outcome; context: SendContext | null };

/** @throws HubError when the hub itself cannot do it now: the store is away */
export async function prepareDelivery(deps: PrepareDeps, delivery: ClaimedDelivery): Promise<Prepared> {
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
    const content =
      delivery.opened?.content ?? decodeContent(await deps.sealer.open(delivery.message.content, `message:${delivery.messageId}`));
    return await inputOf(deps, delivery, { spoke, operation, route, step, mapped: null }, content);
  } catch (error) {
    // What the expression or the stored value is to blame for will fail again; anything else is the hub's own moment.
    if (!isHubError(error) || !(error.code.startsWith('expression.') || error.code.startsWith('seal.'))) throw error;
    return failed('invalid', reasonOf('input', error));
  }
}

async function inputOf(deps: PrepareDeps, delivery: ClaimedDelivery, context: SendContext, content: MessageContent): Promise<Prepared> {
  const { input } = context.step;
  if (delivery.input !== null) {
    const json = await deps.sealer.open(delivery.input, `delivery:${delivery.id}:input`);
    return { ok: true, context, input: { data: JSON.parse(Buffer.from(json).toString('utf8')), raw: null, json } };
  }
  const { contentType } = delivery.message;
  const data = delivery.opened === undefined ? dataOf(contentType, content.body) : delivery.opened.data;
  if (input === null) return { ok: true, context, input: { data, raw: { bytes: content.body, contentType } } };
  const earlier = delivery.step === 0 ? NO_STEPS : await earlierSteps(deps, delivery);
  const facts = {
    id: delivery.messageId,
    type: delivery.message.type,
    source: delivery.source,
    data,
    headers: content.headers,
    receivedAtMs: delivery.message.receivedAtMs,
    correlationId: delivery.message.correlationId,
  };
  const mapped = await mapInput(input, facts, content, earlier, delivery);
  if (mapped === undefined) return failed('invalid', `input ${SELECTS_NOTHING}`, context);
  const json = Buffer.from(JSON.stringify(mapped), 'utf8');
  return { ok: true, context: { ...context, mapped: json }, input: { data: mapped, raw: null, json } };
}

function dataOf(contentType: string, body: Uint8Array): unknown {
  const parsed = parseBody(contentType, body);
  return parsed.ok ? parsed.data : null;
}

function failed(kind: 'rejected' | 'invalid', detail: string, context: SendContext | null = null): Prepared {
  return { ok: false, outcome: { kind, status: null, detail, sent: false }, context };
}
