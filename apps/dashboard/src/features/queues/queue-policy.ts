/** The policy of a spoke as it was given, over what its kind sets; what neither says is the hub's default, and null here. */

export interface PolicyFacts {
  concurrency: number | null;
  timeout: string | null;
  rate: { limit: number; per: string } | null;
  retry: { preset: string | null; attempts: number | null; base: string | null; max: string | null; factor: number | null } | null;
  breaker: { failures: number | null; cooldown: string | null } | null;
}

/** @param given `policy` of the spoke. @param defaults of its kind. Both are open in the API: what has another shape is left out. */
export function policyFacts(given: unknown, defaults: unknown): PolicyFacts {
  const over = (name: string) => {
    const own = at(given, name);
    return own === undefined || own === null ? at(defaults, name) : own;
  };
  const retry = over('retry');
  const breaker = over('breaker');
  const rate = over('rate');
  const [limit, per] = [numberOf(at(rate, 'limit')), textOf(at(rate, 'per'))];
  return {
    concurrency: numberOf(over('concurrency')),
    timeout: textOf(over('timeout')),
    rate: limit === null || per === null ? null : { limit, per },
    retry: isObject(retry)
      ? {
          preset: textOf(at(retry, 'preset')),
          attempts: numberOf(at(retry, 'attempts')),
          base: textOf(at(retry, 'base')),
          max: textOf(at(retry, 'max')),
          factor: numberOf(at(retry, 'factor')),
        }
      : null,
    breaker: isObject(breaker) ? { failures: numberOf(at(breaker, 'failures')), cooldown: textOf(at(breaker, 'cooldown')) } : null,
  };
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function at(value: unknown, name: string): unknown {
  return isObject(value) && Object.hasOwn(value, name) ? new Map<string, unknown>(Object.entries(value)).get(name) : undefined;
}

function numberOf(value: unknown): number | null {
  return typeof value === 'number' ? value : null;
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
