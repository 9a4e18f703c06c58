/** Every sample of every blueprint becomes what its expectation says, and every route has a sample. */
import { createExpressionEngine } from '@nave/expressions';
import { afterAll, describe, expect, it } from 'vitest';
import { blueprintNames, readBlueprint, samplesOf, variablesOf } from './blueprint-files.ts';
import { evaluateSample } from './evaluate-sample.ts';

const engine = createExpressionEngine({ timeoutMs: 60_000 });
afterAll(() => engine.close());

const read = (blueprint: string) => readBlueprint(blueprint, Object.fromEntries(variablesOf(blueprint).map((name) => [name, 'set'])));

describe.each(blueprintNames())('%s', (blueprint) => {
  it.each(samplesOf(blueprint).map((sample) => [sample.name, sample] as const))('maps %s as expected', async (_name, sample) => {
    const result = await evaluateSample(read(blueprint), sample, engine);
    expect(result).toMatchObject(sample.expected);
    // Mappings are compared whole: a field too many is as wrong as one that is missing.
    expect(result.routes).toEqual(sample.expected.routes);
  });

  it('has a sample for each route', () => {
    const covered = new Set(samplesOf(blueprint).flatMap(({ expected }) => Object.keys(expected.routes)));
    expect(Object.keys(read(blueprint).routes ?? {}).filter((route) => !covered.has(route))).toEqual([]);
  });
});

it("takes the order of a SOAP caller with the steps of a shop's order", () => {
  const stepsOf = (blueprint: string, route: string) => read(blueprint).routes?.[route]?.steps;
  const legacy = stepsOf('legacy-soap-caller-to-pohoda-invoice', 'legacy-order-to-pohoda-invoice');
  expect(legacy).toEqual(stepsOf('shop-order-to-pohoda-invoice', 'order-to-pohoda-invoice'));
});

it('names the same system with the same settings in every blueprint, so that all can be applied to one hub', () => {
  const seen = new Map<string, unknown>();
  for (const blueprint of blueprintNames())
    for (const [name, spoke] of Object.entries(read(blueprint).spokes ?? {})) {
      expect([blueprint, name, spoke]).toEqual([blueprint, name, seen.get(name) ?? spoke]);
      seen.set(name, spoke);
    }
});
