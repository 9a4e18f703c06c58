/** The audit chain: each entry's hash covers the one before, each checkpoint's signature a hash. */
import { createHash } from 'node:crypto';
import { canonicalJson } from './canonical-json.ts';

export interface ChainEntry {
  /** Place in the chain, gapless from 1. */
  seq: number;
  at: Date;
  actor: string;
  action: string;
  subject: string;
  detail: unknown;
}

/** What comes before the first entry. */
export const GENESIS: Uint8Array = new Uint8Array(32);

/** SHA-256 over the previous hash and the canonical JSON of the entry. */
export function chainHash(previous: Uint8Array, { seq, at, actor, action, subject, detail }: ChainEntry): Buffer {
  const text = canonicalJson({ seq, at: at.toISOString(), actor, action, subject, detail });
  return createHash('sha256').update(previous).update(text).digest();
}

/** The bytes a checkpoint's signature covers. */
export function checkpointBytes(seq: number, at: Date, hash: Uint8Array): Buffer {
  return Buffer.from(`nave-audit-checkpoint-v1\n${seq}\n${at.toISOString()}\n${Buffer.from(hash).toString('hex')}\n`);
}

/** Signs heads of the chain with a key the database does not have. */
export interface CheckpointSigner {
  /** Names the key, e.g. the start of its public key's hash. */
  keyId: string;
  sign(bytes: Uint8Array): Uint8Array;
  /** False for a wrong signature and for a key this hub does not know. */
  verify(bytes: Uint8Array, signature: Uint8Array, keyId: string): boolean;
}
