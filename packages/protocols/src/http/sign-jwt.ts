/** Signs the short-lived JWTs by which a client proves who it is (RFC 7523). */
import { createPrivateKey, type KeyObject } from 'node:crypto';
import type { JwtAlgorithm } from './oauth2-credentials.ts';

export interface JwtToSign {
  /** PEM (PKCS #8, PKCS #1, SEC 1) or a JWK as JSON. */
  privateKey: string;
  algorithm: JwtAlgorithm;
  keyId?: string | undefined;
  /** SHA-1 fingerprint in hex. */
  certificateThumbprint?: string | undefined;
  issuer: string;
  subject: string;
  audience: string;
  claims?: Readonly<Record<string, string>>;
  /** Unique per JWT: a provider may refuse one it has seen (RFC 7523 section 3). */
  id: string;
  /** Milliseconds since the epoch. */
  nowMs: number;
}

/** Short, as it is used at once; long enough for clocks that differ a little. */
const LIFETIME_S = 120;

/** A compact JWS. @throws Error when the key cannot be read or does not fit the algorithm; the message may name its form, never its content */
export async function signJwt(jwt: JwtToSign): Promise<string> {
  const { SignJWT } = await import('jose');
  const { algorithm, keyId, certificateThumbprint, nowMs } = jwt;
  const now = Math.floor(nowMs / 1_000);
  return new SignJWT({ ...jwt.claims })
    .setProtectedHeader({
      alg: algorithm,
      typ: 'JWT',
      ...(keyId === undefined ? {} : { kid: keyId }),
      ...(certificateThumbprint === undefined ? {} : { x5t: Buffer.from(certificateThumbprint, 'hex').toString('base64url') }),
    })
    .setIssuer(jwt.issuer)
    .setSubject(jwt.subject)
    .setAudience(jwt.audience)
    .setJti(jwt.id)
    .setIssuedAt(now)
    .setExpirationTime(now + LIFETIME_S)
    .sign(readPrivateKey(jwt.privateKey));
}

/** @throws Error when it is neither a private key in PEM form nor a JWK */
export function readPrivateKey(text: string): KeyObject {
  const trimmed = text.trim();
  return trimmed.startsWith('{') ? createPrivateKey({ key: JSON.parse(trimmed), format: 'jwk' }) : createPrivateKey(trimmed);
}
