/** An alert rule in its completed form: the one it is stored and answered in. */
import type { AlertRuleInput, AlertRuleSpec, AlertWhen, AlertWhenInput } from '@nave/api-schema';

/** Fills in what was left out. */
export function alertSpec(input: AlertRuleInput): AlertRuleSpec {
  return {
    when: completeWhen(input.when),
    spokes: input.spokes ?? ['*'],
    for: input.for ?? '0s',
    severity: input.severity ?? 'warning',
    notify: (input.notify ?? []).map(({ to, operation, after, severity }) => ({
      ...{ to, operation: operation ?? null, after: after ?? '0s', severity: severity ?? null },
    })),
    groupBy: input.groupBy ?? 'spoke',
    // Null says never; only what is left out is the default.
    repeat: input.repeat === undefined ? '4h' : input.repeat,
    quiet: (input.quiet ?? []).map(({ days, from, to, timezone }) => ({ days: days ?? [], from, to, timezone: timezone ?? 'UTC' })),
    quietCritical: input.quietCritical ?? false,
    enabled: input.enabled ?? true,
  };
}

function completeWhen(when: AlertWhenInput): AlertWhen {
  switch (when.condition) {
    case 'dead':
      return { condition: when.condition, count: when.count ?? 1, window: when.window ?? null };
    case 'parked':
    case 'unknown':
      return { condition: when.condition, count: when.count ?? 1 };
    case 'backlog':
      return { condition: when.condition, olderThan: when.olderThan ?? '15m' };
    case 'errorShare':
      return { condition: when.condition, share: when.share ?? 0.5, minimum: when.minimum ?? 20, window: when.window ?? '5m' };
    case 'signIns':
      return { condition: when.condition, count: when.count ?? 20, window: when.window ?? '5m' };
    case 'silent':
      return { condition: when.condition, factor: when.factor ?? 10, minimum: when.minimum ?? '1h' };
    default:
      return { condition: when.condition };
  }
}
