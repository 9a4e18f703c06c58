import { AlertRuleCreate, PolicyInput } from '@nave/api-schema';
import { Ajv } from 'ajv';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from './schema-shape.ts';
import { type SchemaProblem, validateSchema } from './validate.ts';

const ajv = new Ajv({ strict: false, allErrors: true, logger: false });
const closed = { additionalProperties: false };

function agrees(schema: object, value: unknown): void {
  const problems = validateSchema(schema, value);
  expect({ schema, value, fits: problems.length === 0, problems }).toMatchObject({ fits: ajv.compile(schema)(value) });
}

describe('validateSchema, beside the validator of the server', () => {
  const names = fc.constantFrom('a', 'b', 'type', 'x-1');
  const texts = fc.constantFrom('', 'a', 'ab', 'abc', '5m', 'one', 'two', 'ž😀');
  const numbers = fc.oneof(fc.integer({ min: -3, max: 6 }), fc.constantFrom(0.5, 2.5));
  const { schema, value } = fc.letrec<{ schema: JsonObject; fields: JsonObject; value: unknown }>((tie) => ({
    value: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      texts,
      numbers,
      fc.boolean(),
      fc.constant(null),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(names, tie('value'), { maxKeys: 3, noNullPrototype: true }),
    ),
    fields: fc.dictionary(names, tie('schema'), { maxKeys: 3 }),
    schema: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.record(
        { type: fc.constant('string'), minLength: fc.nat(2), maxLength: fc.integer({ min: 1, max: 3 }) },
        { requiredKeys: ['type'] },
      ),
      fc.constantFrom(
        { type: 'string', pattern: '^(\\d{1,9})(ms|s|m|h|d)$' },
        { type: 'string', pattern: '^[a-z]*$' },
        { type: 'boolean' },
        { type: 'null' },
        {},
      ),
      fc.record(
        {
          type: fc.constantFrom('integer', 'number'),
          minimum: fc.integer({ min: -2, max: 2 }),
          maximum: fc.nat(4),
          exclusiveMinimum: fc.integer({ min: -1, max: 1 }),
        },
        { requiredKeys: ['type'] },
      ),
      fc.constantFrom(
        { const: 'one' },
        { enum: ['one', 'two', 3] },
        { anyOf: [{ const: 'one' }, { const: 'a' }] },
        { type: ['string', 'null'] },
      ),
      fc.record(
        { type: fc.constant('array'), items: tie('schema'), minItems: fc.nat(1), maxItems: fc.nat(2), uniqueItems: fc.boolean() },
        { requiredKeys: ['type', 'items'] },
      ),
      fc.record(
        {
          type: fc.constant('object'),
          properties: tie('fields'),
          required: fc.uniqueArray(names, { maxLength: 2 }),
          additionalProperties: fc.oneof(fc.boolean(), tie('schema')),
          maxProperties: fc.nat(2),
        },
        { requiredKeys: ['type'] },
      ),
      fc.record({
        type: fc.constant('object'),
        patternProperties: fc.record({ '^[ab]$': tie('schema') }),
        additionalProperties: fc.boolean(),
      }),
      fc.record({ anyOf: fc.array(tie('schema'), { minLength: 1, maxLength: 3 }) }),
      fc.tuple(tie('fields'), tie('fields')).map(([first, second]) => ({
        anyOf: [first, second].map((properties, index) => ({
          type: 'object',
          properties: { ...properties, type: { const: ['one', 'two'][index] } },
          required: ['type'],
          ...closed,
        })),
      })),
    ),
  }));

  it('finds a problem exactly where the server does', () => {
    fc.assert(
      fc.property(schema, fc.array(value, { minLength: 1, maxLength: 8 }), (one, values) => {
        for (const each of values) agrees(one, each);
      }),
      { numRuns: 400 },
    );
  });

  const rule = {
    name: 'dead',
    when: { condition: 'dead', count: 3, window: '5m' },
    spokes: ['erp-*'],
    notify: [{ to: 'ops', after: '10m', severity: null }],
    quiet: [{ days: ['mon', 'tue'], from: '22:00', to: '06:00', timezone: 'Europe/Prague' }],
    enabled: true,
  };
  const policy = {
    concurrency: 4,
    timeout: '10s',
    rate: { limit: 5, per: '1s' },
    retry: { attempts: 3, factor: 1.5 },
    operations: { pay: { timeout: '1m' } },
  };

  it('agrees about the real forms, whatever is changed in them', () => {
    expect(validateSchema(AlertRuleCreate, rule)).toEqual([]);
    expect(validateSchema(PolicyInput, policy)).toEqual([]);
    for (const [each, document] of [
      [AlertRuleCreate, rule],
      [PolicyInput, policy],
    ] as const) {
      fc.assert(
        fc.property(fc.nat(40), value, fc.boolean(), (place, next, remove) => agrees(each, changedAt(document, place, next, remove))),
        { numRuns: 300 },
      );
    }
  });
});

describe('validateSchema', () => {
  const union = {
    anyOf: [
      { type: 'object', properties: { type: { const: 'none' } }, required: ['type'], ...closed },
      {
        type: 'object',
        properties: { type: { const: 'bearer' }, token: { type: 'string', minLength: 1, 'x-nave-secret': true } },
        required: ['type', 'token'],
        ...closed,
      },
    ],
  };

  it('tells only about the branch that the literal field names', () => {
    expect(validateSchema(union, { type: 'bearer' }, { base: '/credentials' })).toEqual([{ path: '/credentials/token', rule: 'required' }]);
    expect(paths(validateSchema(union, {}))).toEqual(['/type']);
    expect(paths(validateSchema(union, { type: 'none', token: 'x' }))).toEqual(['/token']);
  });

  it('takes a stored secret for given, and null for its removal', () => {
    expect(validateSchema(union, { type: 'bearer', set: true })).toEqual([]);
    expect(validateSchema(union, { type: 'bearer' }, { secretsSet: (pointer) => pointer === '/token' })).toEqual([]);
    const optional = { type: 'object', properties: { token: { type: 'string', 'x-nave-secret': true } } };
    expect(validateSchema(optional, { token: null })).toEqual([]);
    expect(paths(validateSchema(union, { type: 'bearer', token: null }))).toEqual(['/token']);
    expect(validateSchema(union, { type: 'bearer', token: { set: true } })).toEqual([]);
  });

  it('escapes names in pointers', () => {
    const schema = { type: 'object', additionalProperties: { type: 'integer' } };
    expect(validateSchema(schema, { 'a/b~c': 'x' })).toEqual([{ path: '/a~1b~0c', rule: 'type', expected: 'integer' }]);
  });

  it('says what is expected in the words of the schema', () => {
    const schema = { type: 'string', pattern: '^x', 'x-nave-expected': 'an x' };
    expect(validateSchema(schema, 'y')).toEqual([{ path: '', rule: 'pattern', expected: 'an x' }]);
  });

  it('checks moments as the server does', () => {
    const schema = { type: 'string', format: 'date-time' };
    expect(validateSchema(schema, '2026-11-21T14:03:00.5Z')).toEqual([]);
    expect(validateSchema(schema, '2026-13-21T14:03:00Z')).toHaveLength(1);
    expect(validateSchema(schema, '2026-11-21')).toHaveLength(1);
  });

  it('lets pass what it does not know, and patterns that are none', () => {
    expect(validateSchema({ $ref: '#/x' }, 1)).toEqual([]);
    expect(validateSchema({ type: 'string', pattern: '(' }, 'x')).toEqual([]);
    expect(validateSchema(true, 1)).toEqual([]);
  });

  it('is done with deep values', () => {
    let deep: unknown = 1;
    for (let depth = 0; depth < 2_000; depth++) deep = { a: deep };
    const schema: { type: string; properties: Record<string, unknown> } = { type: 'object', properties: {} };
    schema.properties['a'] = schema;
    expect(validateSchema(schema, deep)).toEqual([]);
  });
});

function paths(problems: readonly SchemaProblem[]): string[] {
  return problems.map(({ path }) => path);
}

/** Changes or removes the field or item that comes at a place when all are counted. */
function changedAt(document: unknown, place: number, next: unknown, remove: boolean): unknown {
  let left = place;
  const visit = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.flatMap((item) => (left-- === 0 ? (remove ? [] : [next]) : [visit(item)]));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).flatMap(([name, field]) => (left-- === 0 ? (remove ? [] : [[name, next]]) : [[name, visit(field)]])),
    );
  };
  return visit(document);
}
