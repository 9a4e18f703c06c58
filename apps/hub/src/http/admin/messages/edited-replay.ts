/** Replaying a message with another body: a new message of the same spoke, accepted like any other, and linked with the one it was made from. */
import { parseBody } from '@nave/adapter-kit';
import type { MessageEdited, MessageReplay } from '@nave/api-schema';
import { decodeContent, HubError } from '@nave/core';
import type { CompiledRoute, CompiledSpoke } from '@nave/pipeline';
import { createMessageReader, type MessageDetail, writeAudit } from '@nave/store';
import type { FastifyRequest } from 'fastify';
import { SYSTEM_ROUTE_PREFIX } from '../../../alerts/notification-route.ts';
import { roleIncludes } from '../../auth/actor.ts';
import type { AdminDeps, Resubmission } from '../admin-deps.ts';
import { auditOf } from '../audit-of.ts';

export interface Edit {
  /** The field that the body came in. */
  field: '/body' | '/bodyBase64';
  bytes: Uint8Array;
  /** Null: as it was. */
  contentType: string | null;
  force: boolean;
}

type Target = { route: string | null; routeVersion: number | null };

/** Headers that tell of the old bytes. */
const OF_OLD_BYTES = new Set(['content-length', 'content-encoding', 'content-md5', 'content-digest', 'digest']);
const BODY_BYTES_MAX = 5 * 1024 * 1024;

/** @returns null for a plain replay @throws HubError `request.invalid` for fields that do not belong together */
export function editOf({ body, bodyBase64, contentType, force }: MessageReplay): Edit | null {
  if (body !== undefined && bodyBase64 !== undefined) throw invalid('/bodyBase64', 'expected either body or bodyBase64, not both');
  const more = { contentType: contentType ?? null, force: force ?? false };
  if (body !== undefined) return { field: '/body', bytes: Buffer.from(body, 'utf8'), ...more };
  if (bodyBase64 !== undefined) return { field: '/bodyBase64', bytes: Buffer.from(bodyBase64, 'base64'), ...more };
  if (contentType !== undefined) throw invalid('/contentType', 'needs a body');
  if (force !== undefined) throw invalid('/force', 'needs a body');
  return null;
}

/**
 * @returns null when there is no such message
 * @throws HubError `auth.forbidden`, `request.invalid`, `request.too-large`, `ingress.schema` (unless forced), `state.conflict` when its spoke is gone or no
 * route takes it, `seal.destroyed` when the old body is gone, `store.unavailable`
 */
export async function replayEdited(
  deps: AdminDeps,
  request: FastifyRequest,
  id: string,
  edit: Edit & Target,
): Promise<MessageEdited | null> {
  assertAdmin(deps, request);
  const reader = createMessageReader(deps.db);
  const [message, sealed] = [await reader.find(id), await reader.sealedPayload(id)];
  if (message === null || sealed === null) return null;
  const content = decodeContent(await deps.sealer.open(sealed.content, `message:${id}`));
  const { registry, publish } = deps.resubmit;
  const spoke = registry.spoke(message.spoke);
  if (spoke === null) throw new HubError('state.conflict', { detail: `The spoke ${message.spoke} no longer exists.` });
  const contentType = edit.contentType ?? message.contentType;
  const { data, broken } = readBody(spoke, edit, contentType);
  const routes = await routesOf(registry, message, edit);
  const digests = { oldDigest: deps.contentDigest(content.body), newDigest: deps.contentDigest(edit.bytes) };
  const detail = {
    ...{ route: edit.route, routeVersion: edit.routeVersion, contentType, forced: broken },
    ...{ oldSize: content.body.length, newSize: edit.bytes.length, ...digests },
  };
  // Committed before anything is accepted: no edit without a trace.
  await writeAudit(deps.db, [auditOf(request, deps, 'message.replay.edited', `message:${id}`, detail)]);
  const kept = Object.entries(content.headers).filter(([name]) => !OF_OLD_BYTES.has(name));
  const { query, method, path } = content;
  const { messageId } = await publish({
    ...{ spoke, type: message.type, data, body: edit.bytes, contentType, routes, causationId: id },
    headers: { ...Object.fromEntries(kept), 'content-type': contentType },
    idempotencyKey: null,
    orderingKey: message.orderingKey,
    correlationId: message.correlationId,
    request: { query, method, ...(path === undefined ? {} : { path }) },
  });
  const made = await reader.find(messageId);
  return { messageId, editedFrom: id, deliveries: made?.deliveries.map((delivery) => delivery.id) ?? [] };
}

/** Operators may replay; changing what a system sent is more. */
function assertAdmin(deps: AdminDeps, { actor, method, routeOptions }: FastifyRequest): void {
  if (roleIncludes(actor.role, 'admin')) return;
  const subject = `api:${method} ${routeOptions.url ?? 'unknown'}`;
  deps.refusals.note({ actor: actor.label, action: 'auth.refused', subject, detail: { code: 'auth.forbidden' } });
  throw new HubError('auth.forbidden', { detail: `An edited body needs the role admin; the key has the role ${actor.role}.` });
}

/** `broken`: it breaks the schema of the spoke, and is taken all the same. */
function readBody(spoke: CompiledSpoke, { field, bytes, force }: Edit, contentType: string): { data: unknown; broken: boolean } {
  const bytesMax = spoke.inbound?.definition.maxBytes ?? BODY_BYTES_MAX;
  if (bytes.length > bytesMax) throw new HubError('request.too-large', { detail: `The spoke takes at most ${bytesMax} bytes.` });
  const parsed = parseBody(contentType, bytes);
  if (!parsed.ok) throw invalid(field, parsed.reason);
  const problems = spoke.inbound?.schemaProblems(parsed.data) ?? [];
  if (problems.length > 0 && !force) {
    const errors = problems.map(({ path, message }) => ({ path: field + path, message }));
    throw new HubError('ingress.schema', {
      detail: 'The body breaks the schema of the spoke. With force it is taken all the same.',
      errors,
    });
  }
  return { data: parsed.data, broken: problems.length > 0 };
}

async function routesOf(
  registry: Resubmission['registry'],
  message: MessageDetail,
  { route, routeVersion }: Target,
): Promise<readonly CompiledRoute[]> {
  if (route === null) {
    const routes = registry.routesFor(message.spoke, message.type);
    if (routes.length > 0) return routes;
    throw new HubError('state.conflict', { detail: 'No enabled route takes this message, so there is nothing to replay.' });
  }
  const found = routeVersion === null ? registry.route(route) : await registry.routeVersion(route, routeVersion);
  if (found === null || found.definition.name.startsWith(SYSTEM_ROUTE_PREFIX))
    throw invalid(routeVersion === null ? '/route' : '/routeVersion', 'does not exist');
  return [found];
}

function invalid(path: string, message: string): HubError {
  return new HubError('request.invalid', { detail: `${path}: ${message}`, errors: [{ path, message }] });
}
