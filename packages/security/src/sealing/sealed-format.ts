/**
 * The bytes of a sealed value: version (1), flags (1), key id (4, big-endian), nonce (12), ciphertext, tag (16).
 * AES-256-GCM; context, version and flags are authenticated. A key lives for one scope and day, far below the 2^32 random nonces GCM allows.
 */
import { createCipheriv, createDecipheriv, type KeyObject } from 'node:crypto';
import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { HubError } from '@nave/core';

const VERSION = 1;
const COMPRESSED = 1;
const NONCE_AT = 6;
export const NONCE_BYTES = 12;
const HEADER_BYTES = NONCE_AT + NONCE_BYTES;
const TAG_BYTES = 16;
/** Smaller values hardly shrink and are the many. */
const COMPRESS_ABOVE_BYTES = 2_048;
const WORTH_RATIO = 0.9;
/** Bound of what opening decompresses to. */
const PLAIN_BYTES_MAX = 64 * 1024 * 1024;
const ZSTD = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };
/** Version and flags as text of one byte each, to authenticate them with the context without another buffer. */
const SUFFIX = { 0: '\u0001\u0000', [COMPRESSED]: '\u0001\u0001' } as const;

/** Seals a value; the nonce must never have been used with this key. */
export function sealBytes(key: KeyObject, keyId: number, nonce: Uint8Array, plain: Uint8Array, context: string): Uint8Array {
  const packed = pack(plain);
  const flags = packed === plain ? 0 : COMPRESSED;
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  cipher.setAAD(Buffer.from(context + SUFFIX[flags]));
  const sealed = Buffer.allocUnsafe(HEADER_BYTES + packed.length + TAG_BYTES);
  sealed[0] = VERSION;
  sealed[1] = flags;
  sealed.writeUInt32BE(keyId, 2);
  sealed.set(nonce, NONCE_AT);
  sealed.set(cipher.update(packed), HEADER_BYTES);
  cipher.final();
  sealed.set(cipher.getAuthTag(), HEADER_BYTES + packed.length);
  return sealed;
}

/**
 * The id of the key a value was sealed under.
 * @throws HubError `seal.key` when the bytes are no sealed value
 */
export function keyIdOf(sealed: Uint8Array): number {
  if (sealed.length < HEADER_BYTES + TAG_BYTES || sealed[0] !== VERSION || (sealed[1] ?? 0) > COMPRESSED) {
    throw new HubError('seal.key', { detail: 'A stored value has an unknown form.' });
  }
  return new DataView(sealed.buffer, sealed.byteOffset).getUint32(2);
}

/**
 * Opens a value whose key was found by `keyIdOf`.
 * @throws HubError `seal.key` when the value or its context was altered, or it is larger than 64 MiB decompressed
 */
export function openBytes(key: KeyObject, sealed: Uint8Array, context: string): Uint8Array {
  const flags = sealed[1] === COMPRESSED ? COMPRESSED : 0;
  const end = sealed.length - TAG_BYTES;
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(NONCE_AT, HEADER_BYTES), { authTagLength: TAG_BYTES });
    decipher.setAAD(Buffer.from(context + SUFFIX[flags]));
    decipher.setAuthTag(sealed.subarray(end));
    const packed = decipher.update(sealed.subarray(HEADER_BYTES, end));
    decipher.final();
    return flags === COMPRESSED ? zstdDecompressSync(packed, { maxOutputLength: PLAIN_BYTES_MAX }) : packed;
  } catch (cause) {
    throw new HubError('seal.key', { detail: 'A stored value was altered or belongs somewhere else.', cause });
  }
}

/** The compressed form when that is worth it, else the same object. */
function pack(plain: Uint8Array): Uint8Array {
  if (plain.length <= COMPRESS_ABOVE_BYTES || plain.length > PLAIN_BYTES_MAX) return plain;
  const packed = zstdCompressSync(plain, ZSTD);
  return packed.length <= plain.length * WORTH_RATIO ? packed : plain;
}
