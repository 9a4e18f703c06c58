/** The message that a simulation is about: made up by a person, or a stored one, whose payload is then audited as revealed. */
import { parseBody } from '@nave/adapter-kit';
import type { SampleMessage } from '@nave/api-schema';
import { decodeContent, type RouteDefinition } from '@nave/core';
import type { SimulatedMessage } from '@nave/pipeline';
import { createMessageReader, writeAudit } from '@nave/store';
import type { FastifyRequest } from 'fastify';
import type { AdminDeps } from '../admin-deps.ts';
import { auditOf } from '../audit-of.ts';

/** What is left out is as the route would have it. */
export function sampleOf(
  { clock, ids }: Pick<AdminDeps, 'clock' | 'ids'>,
  route: RouteDefinition,
  sample: SampleMessage,
): SimulatedMessage {
  const { type, data, source = route.from.spoke, headers = {}, query = {}, method = 'POST', path, receivedAt } = sample;
  const nowMs = clock.now();
  // Only calls have a path, and what they bring beside their body is bound for them only.
  const called = path ?? (route.mode === 'reply' ? '' : undefined);
  return {
    ...{ id: ids.next(nowMs), type, source, data, headers },
    receivedAtMs: receivedAt === undefined ? nowMs : Date.parse(receivedAt),
    correlationId: sample.correlationId ?? null,
    orderingKey: sample.orderingKey ?? null,
    content: { headers, query, method, ...(called === undefined ? {} : { path: called }) },
  };
}

/** @returns null when there is none @throws HubError `seal.destroyed` or `seal.key` when it cannot be opened */
export async function storedSample(
  deps: AdminDeps,
  request: FastifyRequest,
  route: RouteDefinition,
  id: string,
): Promise<SimulatedMessage | null> {
  const reader = createMessageReader(deps.db);
  const [message, sealed] = [await reader.find(id), await reader.sealedPayload(id)];
  if (message === null || sealed === null) return null;
  const detail = { spoke: sealed.spoke, simulated: route.name };
  // Committed before anything is opened: nobody sees a payload without a trace.
  await writeAudit(deps.db, [auditOf(request, deps, 'payload.reveal', `message:${id}`, detail)]);
  const content = decodeContent(await deps.sealer.open(sealed.content, `message:${id}`));
  const parsed = parseBody(sealed.contentType, content.body);
  return {
    ...{ id, type: message.type, source: message.spoke, data: parsed.ok ? parsed.data : null, headers: content.headers },
    ...{ receivedAtMs: message.receivedAt.getTime(), correlationId: message.correlationId, orderingKey: message.orderingKey, content },
  };
}
