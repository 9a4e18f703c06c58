/** Who calls a route: somebody with a key that may publish as the route's spoke, or the spoke itself by its own verification scheme. */
import { type AcceptedVerdict, HubError, type RawRequest } from '@nave/core';
import { type CompiledInbound, type CompiledSpoke, refusalOf } from '@nave/pipeline';
import { sensitiveHeaders } from '@nave/security';
import { type Actor, mayPublishAs } from '../auth/actor.ts';

export interface CallerIdentity {
  verdict: AcceptedVerdict;
  /** The key; null when the spoke's scheme vouches for the caller. */
  actor: Actor | null;
}

/** An authenticated key is as good as a scheme that does not sign: the caller's `Idempotency-Key` counts. */
const BY_KEY: AcceptedVerdict = { ok: true, callerIdempotencyKey: true };

/** @throws HubError `auth.missing` without a key where the spoke has no scheme, `auth.invalid`, `auth.forbidden`, `auth.signature`, `auth.unavailable` */
export async function identify(request: RawRequest, spoke: CompiledSpoke, actor: Actor | null): Promise<CallerIdentity> {
  const { name } = spoke.definition;
  if (actor !== null) {
    if (!mayPublishAs(actor, name)) throw new HubError('auth.forbidden', { detail: 'The key may not call this route' });
    return { verdict: BY_KEY, actor };
  }
  const hasBearer = /^Bearer /i.test(request.headers['authorization'] ?? '');
  if (spoke.inbound === null || spoke.inbound.definition.verify.length === 0)
    throw new HubError(hasBearer ? 'auth.invalid' : 'auth.missing', { detail: 'Send a key as "Authorization: Bearer <key>".' });
  const verdict = await spoke.inbound.verify(request);
  if (!verdict.ok) throw hasBearer && verdict.unavailable !== true ? new HubError('auth.invalid') : refusalOf(verdict);
  return { verdict, actor: null };
}

/** For a spoke that receives nothing by itself: its callers have keys. */
export const NO_INBOUND: CompiledInbound = {
  definition: {
    ...{ verify: [], type: null, idempotencyKey: null, orderingKey: null, keys: {}, schema: null, maxBytes: 5 * 1024 * 1024 },
    ...{ idempotencyWindowMs: 7 * 86_400_000, rate: null, retentionMs: null, polls: {} },
  },
  verify: async () => ({ ok: false, reason: 'The spoke receives nothing' }),
  sensitiveHeaders: sensitiveHeaders([]),
  sensitiveQuery: new Set(),
  ...{ type: null, idempotencyKey: null, orderingKey: null, keys: [] },
  schemaProblems: () => [],
};
