/** What a configuration makes of one message: the hub's own expression engine over the roots that the contract describes. */
import type { ConfigurationInput } from '@nave/api-schema';
import { compileTypePattern, type ExpressionEngine, isHubError } from '@nave/core';
import type { Expected, Sample } from './blueprint-files.ts';

const NOW_MS = Date.UTC(2026, 10, 21, 12);

/** In the form of an `.expected.json`, with everything that can be evaluated; `type` is that of the sample where the scheme of the spoke gives it. */
export async function evaluateSample(
  { spokes = {}, routes = {} }: ConfigurationInput,
  { body, expected }: Sample,
  engine: ExpressionEngine,
): Promise<Expected> {
  const inbound = spokes[expected.spoke]?.inbound ?? {};
  const read = async (text: string | null | undefined): Promise<string | undefined> => {
    const value = text ? await engine.compile(text, { lane: 'simple' }).evaluate(body, { nowMs: NOW_MS, seed: 'inbound' }) : undefined;
    return value === undefined ? undefined : String(value);
  };
  const type = inbound.type ? ((await read(inbound.type)) ?? '') : expected.type;
  const root = {
    ...{ id: '01930000-0000-7000-8000-000000000000', type, source: expected.spoke, data: body },
    ...{ headers: {}, receivedAt: new Date(NOW_MS).toISOString(), correlationId: null, steps: {} },
  };
  const evaluate = (text: string, lane: 'simple' | 'any') =>
    engine.compile(text, { lane }).evaluate(root, { nowMs: NOW_MS, seed: 'delivery' });

  const result: Expected = { spoke: expected.spoke, type, routes: {} };
  const [idempotencyKey, orderingKey] = [await read(inbound.idempotencyKey), await read(inbound.orderingKey)];
  if (idempotencyKey !== undefined) result.idempotencyKey = idempotencyKey;
  if (orderingKey !== undefined) result.orderingKey = orderingKey;
  const keys = await Promise.all(Object.entries(inbound.keys ?? {}).map(async ([name, text]) => [name, await read(text)] as const));
  result.keys = Object.fromEntries(keys.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
  result.lanes = {};

  for (const [name, route] of Object.entries(routes)) {
    if (route.from.spoke !== expected.spoke || !compileTypePattern(route.from.type)(type)) continue;
    if (route.when && (await evaluate(route.when, 'simple')) !== true) {
      result.routes[name] = 'filtered';
      continue;
    }
    if (route.orderingKey) result.lanes[name] = String(await evaluate(route.orderingKey, 'any'));
    const steps = route.steps.map(async ({ name: step, input }) => [step, await mapped(input)] as const);
    result.routes[name] = Object.fromEntries(await Promise.all(steps));
  }
  return result;

  async function mapped(input: string | null | undefined): Promise<unknown> {
    if (!input) return body;
    try {
      return await evaluate(input, 'any');
    } catch (error) {
      if (!isHubError(error)) throw error;
      return { fails: error.code };
    }
  }
}
