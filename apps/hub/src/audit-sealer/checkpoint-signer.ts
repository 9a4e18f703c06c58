/** Signs heads of the audit chain with an Ed25519 key (RFC 8032) derived from the hub's secret: whoever owns only the database cannot sign. */
import { createHash, createPrivateKey, createPublicKey, hkdfSync, type KeyObject, sign, verify } from 'node:crypto';
import type { CheckpointSigner } from '@nave/store';

/** DER head of a PKCS #8 Ed25519 private key (RFC 8410 section 7): the 32 bytes of the seed follow. */
const PKCS8_ED25519 = Buffer.from('302e020100300506032b657004220420', 'hex');

/**
 * @param secret the hub's secret key (`NAVE_SECRET_KEY`), 32 bytes
 * @param earlier secrets the hub had before: their checkpoints stay valid
 */
export function createCheckpointSigner(secret: Uint8Array, earlier: readonly Uint8Array[] = []): CheckpointSigner {
  const current = keysOf(secret);
  const known = new Map([secret, ...earlier].map(keysOf).map(({ keyId, publicKey }) => [keyId, publicKey]));
  return {
    keyId: current.keyId,
    sign: (bytes) => sign(null, bytes, current.privateKey),
    verify: (bytes, signature, keyId) => {
      const key = known.get(keyId);
      return key !== undefined && verify(null, bytes, key, signature);
    },
  };
}

function keysOf(secret: Uint8Array): { keyId: string; privateKey: KeyObject; publicKey: KeyObject } {
  const seed = Buffer.from(hkdfSync('sha256', secret, new Uint8Array(0), 'nave audit checkpoint ed25519 v1', 32));
  const privateKey = createPrivateKey({ key: Buffer.concat([PKCS8_ED25519, seed]), format: 'der', type: 'pkcs8' });
  const publicKey = createPublicKey(privateKey);
  const keyId = createHash('sha256')
    .update(publicKey.export({ format: 'der', type: 'spki' }))
    .digest('hex')
    .slice(0, 16);
  return { keyId, privateKey, publicKey };
}
