import { AlertRuleCreate, InboundInput } from '@nave/api-schema';
import { describe, expect, it } from 'vitest';
import { booleanDefault, placeholderOf } from './field-help.ts';
import { fieldOf } from './field-kind.ts';
import { fieldLabel } from './field-label.ts';
import { firstValue, firstVariant, withField } from './first-value.ts';
import { isInside, joinPointer, stepBelow } from './pointer.ts';
import { propertiesOf } from './schema-shape.ts';
import { splitFields } from './split-fields.ts';

const kindOf = (schema: unknown) => fieldOf(schema).kind.kind;

describe('fieldOf', () => {
  it.each([
    [{ type: 'string' }, 'text'],
    [{ type: 'string', 'x-nave-secret': true }, 'secret'],
    [{ type: 'string', secret: true }, 'secret'],
    [{ type: 'string', description: 'JSONata' }, 'expression'],
    [{ type: 'string', 'x-nave-expected': 'a JSONata expression' }, 'expression'],
    [{ type: 'integer' }, 'number'],
    [{ type: 'boolean' }, 'boolean'],
    [{ enum: ['a', 'b'] }, 'choice'],
    [{ anyOf: [{ const: 'a' }, { const: 'b' }] }, 'choice'],
    [{ type: 'array', items: { enum: ['mon'] }, uniqueItems: true }, 'choices'],
    [{ type: 'array', items: { type: 'string' } }, 'array'],
    [{ type: 'object', patternProperties: { '^x$': { type: 'string' } } }, 'record'],
    [{ type: 'object', additionalProperties: { type: 'string' } }, 'record'],
    [{ type: 'object', patternProperties: { '^.*$': {} } }, 'json'],
    [{ type: 'object' }, 'json'],
    [{}, 'json'],
    [{ $ref: '#/x' }, 'json'],
    [{ type: 'array', prefixItems: [] }, 'json'],
    [true, 'json'],
    [{ anyOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' } }] }, 'shapes'],
  ])('%j is edited as %s', (schema, kind) => {
    expect(kindOf(schema)).toBe(kind);
  });

  it('finds unions that a literal tells apart, in real schemas', () => {
    const when = fieldOf(propertiesOf({ ...AlertRuleCreate })['when']);
    expect(when.kind).toMatchObject({ kind: 'variants', discriminator: 'condition' });
    expect(when.kind.kind === 'variants' ? when.kind.variants.map(({ value }) => value) : []).toContain('errorShare');
  });

  it('sees through what may be null', () => {
    expect(fieldOf({ anyOf: [{ type: 'integer' }, { type: 'null' }], description: 'How many' })).toMatchObject({
      kind: { kind: 'number' },
      nullable: true,
      schema: { description: 'How many' },
    });
    expect(fieldOf({ type: ['string', 'null'] })).toMatchObject({ kind: { kind: 'text' }, nullable: true });
  });

  it('finds secrets that are kept, replaced or removed', () => {
    const verify = propertiesOf({ ...InboundInput })['verify'];
    const kind = fieldOf(verify).kind;
    const one = kind.kind === 'shapes' ? kind.shapes[0] : undefined;
    expect(kindOf(propertiesOf(one ?? {})['secret'])).toBe('secret');
  });
});

describe('fields of objects', () => {
  it('shows what is needed and what is there; the rest waits', () => {
    const schema = {
      type: 'object',
      required: ['url'],
      properties: Object.fromEntries(['a', 'b', 'c', 'd', 'url', 'set'].map((name) => [name, { type: 'string' }])),
    };
    expect(splitFields(schema, { c: 'x' }, 'set')).toEqual({ main: ['a', 'b', 'c', 'd', 'url'], more: [] });
    const larger = {
      ...schema,
      properties: { ...schema.properties, e: { type: 'string' }, old: { type: 'string', description: 'Ignored' } },
    };
    expect(splitFields(larger, { c: 'x' }, 'set')).toEqual({ main: ['c', 'url'], more: ['a', 'b', 'd', 'e'] });
  });

  it('shows everything where nothing is needed', () => {
    const properties = Object.fromEntries(['a', 'b', 'c', 'd', 'e'].map((name) => [name, { type: 'string' }]));
    expect(splitFields({ type: 'object', properties }, {}).more).toEqual([]);
  });
});

describe('values', () => {
  const bearer = {
    type: 'object',
    required: ['type', 'token'],
    properties: { type: { const: 'bearer' }, token: { type: 'string', 'x-nave-secret': true }, note: { type: 'string' } },
  };
  const basic = {
    type: 'object',
    required: ['type'],
    properties: { type: { const: 'basic' }, token: { type: 'string', 'x-nave-secret': true }, note: { type: 'string' } },
  };

  it('begin with as little as the schema asks for', () => {
    expect(firstValue(bearer)).toEqual({ type: 'bearer' });
    expect(firstValue({ anyOf: [bearer, basic] })).toEqual({ type: 'bearer' });
    expect(firstValue({ type: 'integer', default: 3 })).toBe(3);
    expect(firstValue({ type: 'string' })).toBeUndefined();
  });

  it('keep what variants have in common, but no secret', () => {
    expect(firstVariant('type', 'basic', basic, { type: 'bearer', token: 'secret', note: 'n', other: 1 })).toEqual({
      type: 'basic',
      note: 'n',
    });
  });

  it('end when a schema contains itself', () => {
    const schema: { type: string; required: string[]; properties: Record<string, unknown> } = {
      type: 'object',
      required: ['a'],
      properties: {},
    };
    schema.properties['a'] = schema;
    expect(firstValue(schema)).toBeTypeOf('object');
  });

  it('keep the order of their fields', () => {
    expect(JSON.stringify(withField({ a: 1, b: 2 }, 'a', 3))).toBe('{"a":3,"b":2}');
    expect(withField({ a: 1 }, 'a', undefined)).toEqual({});
    expect(withField(null, 'a', 1)).toEqual({ a: 1 });
  });
});

describe('words of fields', () => {
  it.each([
    ['baseUrl', 'Base URL'],
    ['api-key', 'API key'],
    ['maxBytes', 'Max bytes'],
    ['x', 'X'],
  ])('%s is %s', (name, label) => {
    expect(fieldLabel(name)).toBe(label);
  });

  it('reads defaults from the schema, and from its description', () => {
    expect(booleanDefault({ default: true })).toBe(true);
    expect(booleanDefault({ description: 'Default true; false keeps the place' })).toBe(true);
    expect(booleanDefault({ description: 'Default false' })).toBe(false);
    expect(booleanDefault({ description: 'True: answered by an empty 202' })).toBeNull();
    expect(placeholderOf({ examples: ['30s'], default: '1m' })).toBe('30s');
  });
});

describe('pointers', () => {
  it('are joined and taken apart', () => {
    const pointer = joinPointer('/config', 'a/b~');
    expect(pointer).toBe('/config/a~1b~0');
    expect(stepBelow(`${pointer}/0`, '/config')).toBe('a/b~');
    expect(stepBelow('/configuration', '/config')).toBeNull();
    expect(isInside('/config', '/config')).toBe(true);
    expect(isInside('/configuration', '/config')).toBe(false);
  });
});
