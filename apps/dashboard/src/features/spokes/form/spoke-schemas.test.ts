import type { VerifySchemeInfo } from '@nave/api-schema';
import { describe, expect, it } from 'vitest';
import { validateSchema } from '../../../parts/schema-form/validate.ts';
import { connectionSchema, operationsSchema, policySchema, verifySchema } from './spoke-schemas.ts';

const hmac: VerifySchemeInfo = {
  ...{ scheme: 'hmac', title: 'HMAC', summary: 'A signature header.', secretRequired: true, proves: 'content' },
  options: {
    type: 'object',
    required: ['header'],
    properties: { header: { type: 'string' }, tolerance: { type: ['string', 'integer'], pattern: '^\\d+(s|m)$', minimum: 1 } },
    additionalProperties: false,
  },
};
const none: VerifySchemeInfo = {
  ...{ scheme: 'none', title: 'None', summary: '', secretRequired: false, proves: 'nothing' },
  options: { type: 'object', properties: {}, additionalProperties: false },
};
const problems = (value: unknown) => validateSchema(verifySchema([hmac, none], value), value).map(({ path, rule }) => `${rule} ${path}`);

describe('the schema of a verification', () => {
  it('asks for what the scheme needs, and takes a stored secret for a given one', () => {
    expect(problems({ scheme: 'hmac' })).toEqual(['required /secret', 'required /header']);
    expect(problems({ scheme: 'hmac', header: 'x', secret: 's' })).toEqual([]);
    expect(problems({ scheme: 'hmac', header: 'x', set: true })).toEqual([]);
    expect(problems({ scheme: 'none' })).toEqual([]);
  });

  it('takes several secrets for a rotation, and several schemes that must all pass', () => {
    expect(
      problems({ scheme: 'hmac', header: 'x', secrets: [{ secret: 'a' }, { secret: 'b', notAfter: '2026-01-01T00:00:00Z' }] }),
    ).toEqual([]);
    expect(problems([{ scheme: 'none' }, { scheme: 'hmac', header: 'x' }])).toEqual(['required /1/secret']);
  });

  it('takes an option in each of its forms', () => {
    expect(problems({ scheme: 'hmac', header: 'x', secret: 's', tolerance: 300 })).toEqual([]);
    expect(problems({ scheme: 'hmac', header: 'x', secret: 's', tolerance: '5m' })).toEqual([]);
    expect(problems({ scheme: 'hmac', header: 'x', secret: 's', tolerance: 'soon' })).toEqual(['pattern /tolerance']);
  });
});

describe('the schema of a kind', () => {
  const config = {
    type: 'object',
    required: ['baseUrl'],
    properties: { baseUrl: { type: 'string' }, operations: { type: 'object' } },
    additionalProperties: false,
  };

  it('is split into connection and operations, neither of which complains about the other', () => {
    expect(validateSchema(connectionSchema({ config }), { baseUrl: 'x', operations: {} })).toEqual([]);
    expect(validateSchema(connectionSchema({ config }), { operations: {} })).toMatchObject([{ path: '/baseUrl', rule: 'required' }]);
    expect(operationsSchema({ config })).toMatchObject({ properties: { operations: { type: 'object' } }, required: [] });
    expect(operationsSchema({ config: { type: 'object', properties: {} } })).toBeNull();
  });

  it('shows its own defaults of the policy, and those of the hub for the rest', () => {
    const schema = policySchema({ defaults: { concurrency: 1, breaker: { failures: 3 }, rate: { limit: 20, per: '1s' } } });
    expect(schema).toMatchObject({
      properties: {
        concurrency: { default: 1 },
        timeout: { default: '30s' },
        breaker: { properties: { failures: { default: 3 }, cooldown: { default: '30s' } } },
      },
    });
    expect(JSON.stringify(schema)).toContain('"default":20');
  });
});
