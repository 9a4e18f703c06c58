/** A route in its completed form: the one it is stored and answered in. */
import type { RouteInput, RouteSpec } from '@nave/api-schema';

/** Fills in what was left out. */
export function routeSpec(input: RouteInput): RouteSpec {
  return {
    from: { spoke: input.from.spoke, type: input.from.type },
    when: input.when ?? null,
    orderingKey: input.orderingKey ?? null,
    steps: input.steps.map(({ name, to, operation, input: mapping, atMostOnce }) => ({
      name,
      to,
      operation: operation ?? null,
      input: mapping ?? null,
      ...(atMostOnce === true ? { atMostOnce } : {}),
    })),
    mode: input.mode ?? 'async',
    timeout: input.timeout ?? (input.mode === 'reply' ? CALL_TIMEOUT : null),
    ...callSpec(input),
    enabled: input.enabled ?? true,
  };
}

/** What only a reply route has; given for another one it is kept, so that the check can say so. */
function callSpec(input: RouteInput): Partial<RouteSpec> {
  const { reply, onTimeout, onFailure, onHangup, cache } = input;
  const answer = reply && { status: reply.status ?? null, headers: reply.headers ?? {}, body: reply.body ?? null };
  if (input.mode === 'reply')
    return {
      reply: answer ?? null,
      onTimeout: onTimeout ?? 'finish',
      onFailure: onFailure ?? 'cancel',
      onHangup: onHangup ?? 'finish',
      cache: cache ?? null,
    };
  return {
    ...(answer ? { reply: answer } : {}),
    ...(onTimeout === undefined ? {} : { onTimeout }),
    ...(onFailure === undefined ? {} : { onFailure }),
    ...(onHangup === undefined ? {} : { onHangup }),
    ...(cache ? { cache } : {}),
  };
}

/** A caller is answered within this time unless its route says otherwise. */
const CALL_TIMEOUT = '30s';
