import { describe, expect, it } from 'vitest';
import { withoutSecrets } from './without-secrets.ts';

const secret = { type: 'string', 'x-nave-secret': true };
const schema = {
  type: 'object',
  properties: {
    credentials: {
      anyOf: [
        { type: 'object', properties: { type: { const: 'none' } } },
        { type: 'object', properties: { type: { const: 'bearer' }, token: secret } },
      ],
    },
    verify: {
      type: 'array',
      items: { type: 'object', properties: { secrets: { type: 'array', items: { type: 'object', properties: { secret } } } } },
    },
    headers: { type: 'object', patternProperties: { '^x-': secret }, additionalProperties: false },
  },
};

describe('a document that is shown', () => {
  it('has nothing of what was written into secret places, however deep', () => {
    const value = {
      credentials: { type: 'bearer', token: 'SECRET-1', user: 'ann' },
      verify: [{ secrets: [{ secret: 'SECRET-2', notAfter: 'x' }] }],
      headers: { 'x-key': 'SECRET-3' },
      title: 'ERP',
    };
    const shown = withoutSecrets(schema, value);
    expect(JSON.stringify(shown)).not.toContain('SECRET');
    expect(shown).toMatchObject({ credentials: { type: 'bearer', user: 'ann' }, verify: [{ secrets: [{ notAfter: 'x' }] }], title: 'ERP' });
  });

  it('keeps what says that a secret is stored or removed', () => {
    const value = { credentials: { type: 'bearer', set: true, token: null } };
    expect(withoutSecrets(schema, value)).toEqual(value);
  });
});
