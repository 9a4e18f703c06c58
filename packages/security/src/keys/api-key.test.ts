import { createHash, randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { apiKeyProblem, createKeyHasher, hashApiKey, newApiKey } from './api-key.ts';
import { constantTimeEqual } from './constant-time.ts';

describe('generated keys', () => {
  it('carry 256 bits and are kept as SHA-256', () => {
    const { key, hash } = newApiKey(randomBytes);
    expect(key).toMatch(/^nave_[A-Za-z0-9_-]{43}$/);
    expect(Buffer.from(hash)).toEqual(createHash('sha256').update(key).digest());
    expect(newApiKey(randomBytes).key).not.toBe(key);
    expect(apiKeyProblem(key)).toBeNull();
  });

  it('hash the same under every secret key of the hub, so that changing it locks nobody out', () => {
    const { key, hash } = newApiKey(randomBytes);
    expect(createKeyHasher(randomBytes(32))(key)).toEqual(hash);
  });
});

describe('chosen keys', () => {
  const master = Buffer.alloc(32, 7);

  it('cannot be guessed from a stolen hash without the secret key of the hub', () => {
    const hash = createKeyHasher(master)('correct-horse-battery');
    expect(createKeyHasher(master)('correct-horse-battery')).toEqual(hash);
    expect(createKeyHasher(Buffer.alloc(32, 8))('correct-horse-battery')).not.toEqual(hash);
    expect(hash).not.toEqual(hashApiKey('correct-horse-battery'));
  });

  it('are 16 to 256 visible ASCII characters', () => {
    expect(apiKeyProblem('x'.repeat(16))).toBeNull();
    expect(apiKeyProblem('x'.repeat(256))).toBeNull();
    for (const bad of ['', 'x'.repeat(15), 'x'.repeat(257), `${'x'.repeat(16)} `, `${'x'.repeat(16)}\n`, 'é'.repeat(16)])
      expect(apiKeyProblem(bad)).not.toBeNull();
  });
});

describe('constantTimeEqual', () => {
  it('agrees with equality for all texts and bytes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }), (a, b) => {
        expect(constantTimeEqual(a, b)).toBe(a === b);
        expect(constantTimeEqual(a, Buffer.from(a))).toBe(true);
      }),
    );
  });
});
