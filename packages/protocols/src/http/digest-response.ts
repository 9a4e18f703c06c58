/** Computes the answer to a Digest challenge (RFC 7616, and RFC 2617 for servers that name no algorithm). */
import { createHash } from 'node:crypto';
import type { Challenge } from './challenge.ts';

export interface DigestChallenge {
  realm: string;
  nonce: string;
  opaque: string | null;
  algorithm: { name: string; hash: 'md5' | 'sha256' | 'sha512-256'; session: boolean };
  /** Null: RFC 2069, without counter and client nonce. */
  qop: 'auth' | 'auth-int' | null;
  userhash: boolean;
  /** The credentials are right, only the nonce is too old. */
  stale: boolean;
}

export interface DigestRequest {
  method: string;
  /** Path and query, as in the request line. */
  uri: string;
  body: Uint8Array | string;
  username: string;
  password: string;
  /** How often this nonce was used, this time included. */
  count: number;
  cnonce: string;
}

const HASHES = new Map<string, DigestChallenge['algorithm']['hash']>([
  ['MD5', 'md5'],
  ['SHA-256', 'sha256'],
  ['SHA-512-256', 'sha512-256'],
]);

/** The first Digest challenge that can be answered, in the server's order; null when there is none. */
export function digestChallengeOf(challenges: readonly Challenge[]): DigestChallenge | null {
  for (const { scheme, parameters } of challenges) {
    const [nonce, realm] = [parameters.get('nonce'), parameters.get('realm')];
    const name = (parameters.get('algorithm') ?? 'MD5').toUpperCase();
    const session = name.endsWith('-SESS');
    const hash = HASHES.get(session ? name.slice(0, -5) : name);
    const offered =
      parameters
        .get('qop')
        ?.toLowerCase()
        .split(/[\s,]+/) ?? null;
    const qop = offered === null ? null : (['auth', 'auth-int'] as const).find((each) => offered.includes(each));
    if (scheme !== 'digest' || nonce === undefined || realm === undefined || hash === undefined || qop === undefined) continue;
    return {
      realm,
      nonce,
      opaque: parameters.get('opaque') ?? null,
      algorithm: { name: parameters.get('algorithm') ?? '', hash, session },
      qop,
      userhash: parameters.get('userhash')?.toLowerCase() === 'true',
      stale: parameters.get('stale')?.toLowerCase() === 'true',
    };
  }
  return null;
}

/** The value of `Authorization`. */
export function digestAuthorization(challenge: DigestChallenge, request: DigestRequest): string {
  const { realm, nonce, opaque, algorithm, qop, userhash } = challenge;
  const { method, uri, body, username, password, count, cnonce } = request;
  const hash = (...parts: (Uint8Array | string)[]): string => {
    const digest = createHash(algorithm.hash);
    for (const part of parts) digest.update(part);
    return digest.digest('hex');
  };
  // Headers are Latin-1 text, each character a byte; names and passwords are UTF-8 (RFC 7616 section 4).
  const realmBytes = Buffer.from(realm, 'latin1');
  const secret = hash(`${username}:`, realmBytes, `:${password}`);
  const a1 = algorithm.session ? hash(`${secret}:${nonce}:${cnonce}`) : secret;
  const a2 = qop === 'auth-int' ? hash(`${method}:${uri}:${hash(body)}`) : hash(`${method}:${uri}`);
  const counter = count.toString(16).padStart(8, '0');
  const response = qop === null ? hash(`${a1}:${nonce}:${a2}`) : hash(`${a1}:${nonce}:${counter}:${cnonce}:${qop}:${a2}`);
  const name = userhash ? quoted('username', hash(`${username}:`, realmBytes)) : usernameField(username);
  const fields = [name, quoted('realm', realm), quoted('nonce', nonce), quoted('uri', uri)];
  if (algorithm.name !== '') fields.push(`algorithm=${algorithm.name}`);
  fields.push(quoted('response', response));
  if (opaque !== null) fields.push(quoted('opaque', opaque));
  if (qop !== null) fields.push(`qop=${qop}`, `nc=${counter}`, quoted('cnonce', cnonce));
  if (userhash) fields.push('userhash=true');
  return `Digest ${fields.join(', ')}`;
}

/** RFC 7616 section 3.4: names that a quoted string cannot hold are written as RFC 8187 prescribes. */
function usernameField(username: string): string {
  if (/^[\x20-\x7e]*$/.test(username)) return quoted('username', username);
  const encoded = encodeURIComponent(username).replaceAll(/['()*]/g, (each) => `%${each.charCodeAt(0).toString(16).toUpperCase()}`);
  return `username*=UTF-8''${encoded}`;
}

function quoted(name: string, value: string): string {
  return `${name}="${value.replaceAll(/["\\]/g, '\\$&')}"`;
}
