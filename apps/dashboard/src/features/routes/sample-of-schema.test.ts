import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { sampleOfSchema } from './sample-of-schema.ts';

const order = {
  type: 'object',
  required: ['id', 'lines'],
  properties: {
    id: { type: 'integer', minimum: 1 },
    at: { type: 'string' },
    state: { enum: ['new', 'paid'] },
    customer: { $ref: '#/$defs/customer' },
    lines: {
      type: 'array',
      minItems: 1,
      items: { type: 'object', properties: { sku: { type: 'string' }, n: { type: 'number', exclusiveMinimum: 0 } } },
    },
    note: { anyOf: [{ type: 'null' }, { type: 'string' }] },
    both: { allOf: [{ properties: { a: { type: 'boolean' } } }, { properties: { b: { const: 2 } } }] },
  },
  $defs: { customer: { type: 'object', properties: { mail: { type: 'string', format: 'email' }, vip: { type: ['boolean', 'null'] } } } },
};

describe('a sample of a schema', () => {
  it('fits the schema, optional fields included', () => {
    const sample = sampleOfSchema(order);
    expect(new Ajv2020({ strict: false, formats: { email: true } }).validate(order, sample)).toBe(true);
    expect(sample).toMatchObject({
      id: 1,
      state: 'new',
      customer: { mail: 'ada@example.com', vip: true },
      lines: [{ n: 1 }],
      both: { a: true, b: 2 },
    });
  });

  it('takes examples and defaults where there are some', () => {
    expect(sampleOfSchema({ type: 'string', examples: ['x'] })).toBe('x');
    expect(sampleOfSchema({ type: 'integer', default: 7 })).toBe(7);
  });

  it('ends for schemas that hold themselves, and for what is none', () => {
    const tree = { type: 'object', properties: { child: { $ref: '#' }, next: { $ref: '#/$defs/t' } }, $defs: { t: { $ref: '#/$defs/t' } } };
    expect(sampleOfSchema(tree)).toEqual({ child: null, next: null });
    expect([sampleOfSchema(true), sampleOfSchema(undefined), sampleOfSchema({ $ref: 'https://x/' })]).toEqual([null, null, null]);
  });
});
