/** From a stored spoke to the definition the pipeline works with: secrets put back, durations read, every option completed. */
import { type ErasedAdapter, joinSecrets } from '@nave/adapter-kit';
import { InboundInput, PolicyInput } from '@nave/api-schema';
import { type InboundDefinition, type InboundOperation, type PollSetting, parseDuration, type SpokeDefinition } from '@nave/core';
import type { OpenedSpoke, SpokeRepository, SpokeSpec } from '@nave/store';
import { Check } from 'typebox/value';
import { completePolicy } from './complete-policy.ts';
import { verifySchemes } from './verify-schemes.ts';

const MAX_BYTES = 5 * 1024 * 1024;
const IDEMPOTENCY_WINDOW_MS = 7 * 86_400_000;

type Kinds = ReadonlyMap<string, Pick<ErasedAdapter, 'defaults'>>;

/** Every spoke, as a registry is built from. @throws HubError `seal.key` when the secrets cannot be opened */
export async function loadDefinitions(repo: Pick<SpokeRepository, 'loadAll'>, kinds: Kinds): Promise<SpokeDefinition[]> {
  return (await repo.loadAll()).map((spoke) => completeSpoke(spoke, kinds));
}

/** A kind that this version does not know counts as one without defaults: the spoke is still there, and deliveries to it say why they fail. */
export function completeSpoke(stored: OpenedSpoke, kinds: Kinds): SpokeDefinition {
  const { name, kind, title, enabled, paused, version, secrets } = stored;
  const spec = clearSpec(stored.spec, secrets);
  const policy = Check(PolicyInput, spec.policy) ? spec.policy : {};
  return {
    ...{ name, kind, title, enabled, paused, version },
    config: spec.config,
    credentials: spec.credentials,
    policy: completePolicy(policy, kinds.get(kind)?.defaults ?? {}),
    inbound: completeInbound(spec.inbound),
  };
}

/** A spec with its secrets back in place: memory only. */
export function clearSpec(spec: SpokeSpec, secrets: Readonly<Record<string, string>>): SpokeSpec {
  const joined = joinSecrets(spec, secrets);
  const fields = typeof joined === 'object' && joined !== null ? joined : {};
  return {
    config: 'config' in fields ? fields.config : {},
    credentials: 'credentials' in fields ? fields.credentials : null,
    policy: 'policy' in fields ? fields.policy : {},
    inbound: 'inbound' in fields ? fields.inbound : null,
  };
}

/** @param inbound with secrets in clear; null and what has an unknown form receive nothing */
function completeInbound(inbound: unknown): InboundDefinition | null {
  if (!Check(InboundInput, inbound)) return null;
  return {
    verify: verifySchemes(inbound.verify),
    type: inbound.type ?? null,
    idempotencyKey: inbound.idempotencyKey ?? null,
    orderingKey: inbound.orderingKey ?? null,
    keys: inbound.keys ?? {},
    schema: inbound.schema ?? null,
    maxBytes: inbound.maxBytes ?? MAX_BYTES,
    idempotencyWindowMs:
      (inbound.idempotencyWindow === undefined ? null : parseDuration(inbound.idempotencyWindow)) ?? IDEMPOTENCY_WINDOW_MS,
    rate: inbound.rate ? { limit: inbound.rate.limit, perMs: parseDuration(inbound.rate.per) ?? 1_000 } : null,
    retentionMs: typeof inbound.retention === 'string' ? parseDuration(inbound.retention) : null,
    polls: completePolls(inbound.poll ?? {}),
    ...(inbound.operations ? { operations: completeOperations(inbound.operations) } : {}),
    ...(typeof inbound.namespace === 'string' ? { namespace: inbound.namespace } : {}),
  };
}

function completeOperations(given: NonNullable<InboundInput['operations']>): Record<string, InboundOperation> {
  return Object.fromEntries(
    Object.entries(given).map(([name, { schema, response, oneWay, soapAction }]) => [
      name,
      { schema, response: response ?? null, oneWay: oneWay ?? false, soapAction: soapAction ?? null },
    ]),
  );
}

/** Without those that are switched off. */
function completePolls(given: NonNullable<InboundInput['poll']>): Record<string, PollSetting> {
  const on = Object.entries(given).filter(([, { enabled }]) => enabled !== false);
  return Object.fromEntries(
    on.map(([name, { every, from }]) => [name, { everyMs: every === undefined ? null : parseDuration(every), from: from ?? 'now' }]),
  );
}
