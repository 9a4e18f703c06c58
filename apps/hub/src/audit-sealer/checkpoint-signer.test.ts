import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createCheckpointSigner } from './checkpoint-signer.ts';

describe('the checkpoint signer', () => {
  const [secret, other] = [randomBytes(32), randomBytes(32)];
  const bytes = Buffer.from('a head of the chain');

  it('derives the same key from the same secret, so that a restarted hub verifies what it signed', () => {
    const signature = createCheckpointSigner(secret).sign(bytes);
    const again = createCheckpointSigner(secret);
    expect(again.verify(bytes, signature, again.keyId)).toBe(true);
    expect(again.verify(Buffer.from('another head'), signature, again.keyId)).toBe(false);
  });

  it('refuses what a key it does not know has signed, also under its own name', () => {
    const [mine, theirs] = [createCheckpointSigner(secret), createCheckpointSigner(other)];
    expect(mine.verify(bytes, theirs.sign(bytes), theirs.keyId)).toBe(false);
    expect(mine.verify(bytes, theirs.sign(bytes), mine.keyId)).toBe(false);
  });

  it('still knows what was signed before the secret was changed', () => {
    const before = createCheckpointSigner(secret);
    expect(createCheckpointSigner(other, [secret]).verify(bytes, before.sign(bytes), before.keyId)).toBe(true);
  });

  it('answers false, not an error, for a signature that is none', () => {
    const signer = createCheckpointSigner(secret);
    expect(signer.verify(bytes, new Uint8Array(0), signer.keyId)).toBe(false);
    expect(signer.verify(bytes, new Uint8Array(64), signer.keyId)).toBe(false);
  });
});
