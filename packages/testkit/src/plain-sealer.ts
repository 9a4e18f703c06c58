/** A sealer that hides nothing but insists on its context, for tests that read back what they stored. */
import { HubError, type Sealer } from '@nave/core';

/** Bytes as `plainSealer` seals them. */
export function plainSeal(plain: Uint8Array, context: string): Uint8Array {
  const name = Buffer.from(context, 'utf8');
  return Buffer.concat([Buffer.from([name.length]), name, plain]);
}

export function plainSealer(): Sealer {
  return {
    keyFor: async () => ({ seal: plainSeal }),
    async open(sealed, context) {
      const bytes = Buffer.from(sealed);
      const length = bytes[0] ?? 0;
      if (bytes.toString('utf8', 1, 1 + length) !== context) throw new HubError('seal.key', { detail: 'another context' });
      return bytes.subarray(1 + length);
    },
  };
}
