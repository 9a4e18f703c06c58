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
    timeout: input.timeout ?? null,
    enabled: input.enabled ?? true,
  };
}
