/** A fresh certificate for a simulated system that speaks TLS: made at its start, so that no private key lies in the repository. */
import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { tlv } from '@nave/protocols';

export interface SelfSigned {
  /** PEM; also what callers have to trust. */
  cert: string;
  key: string;
}

const HOUR_MS = 3_600_000;
const YEAR_MS = 365 * 24 * HOUR_MS;
const OID = {
  ecdsaWithSha256: '06082a8648ce3d040302',
  commonName: '0603550403',
  subjectAltName: '0603551d11',
  basicConstraints: '0603551d13',
} as const;

/**
 * An X.509 v3 certificate (RFC 5280) over a P-256 key for a name, localhost and 127.0.0.1, valid for a year.
 * @param nowMs milliseconds since the epoch; of two years ago for one that has expired
 * @param only for this name and nothing else
 */
export function selfSignedCertificate(name: string, nowMs: number, { only = false }: { only?: boolean } = {}): SelfSigned {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const algorithm = tlv(0x30, Buffer.from(OID.ecdsaWithSha256, 'hex'));
  const subject = tlv(0x30, tlv(0x31, tlv(0x30, Buffer.from(OID.commonName, 'hex'), tlv(0x0c, name))));
  const validity = tlv(0x30, tlv(0x17, utcTime(nowMs - HOUR_MS)), tlv(0x17, utcTime(nowMs + YEAR_MS)));
  const local = only ? [] : [tlv(0x82, 'localhost'), tlv(0x87, Buffer.from([127, 0, 0, 1]))];
  const names = tlv(0x30, tlv(0x82, name), ...local);
  const extensions = tlv(
    0x30,
    tlv(0x30, Buffer.from(OID.subjectAltName, 'hex'), tlv(0x04, names)),
    tlv(
      0x30,
      Buffer.from(OID.basicConstraints, 'hex'),
      tlv(0x01, Buffer.from([0xff])),
      tlv(0x04, tlv(0x30, tlv(0x01, Buffer.from([0xff])))),
    ),
  );
  const body = tlv(
    0x30,
    tlv(0xa0, tlv(0x02, Buffer.from([2]))),
    tlv(0x02, Buffer.concat([Buffer.from([1]), randomBytes(15)])),
    ...[algorithm, subject, validity, subject],
    publicKey.export({ type: 'spki', format: 'der' }),
    tlv(0xa3, extensions),
  );
  const signature = sign('sha256', body, privateKey);
  const certificate = tlv(0x30, body, algorithm, tlv(0x03, Buffer.from([0]), signature));
  return { cert: pem('CERTIFICATE', certificate), key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() };
}

function utcTime(ms: number): string {
  return `${new Date(ms).toISOString().replace(/[-:T]/g, '').slice(2, 14)}Z`;
}

function pem(label: string, bytes: Buffer): string {
  return `-----BEGIN ${label}-----\n${bytes
    .toString('base64')
    .replace(/(.{64})/g, '$1\n')
    .trimEnd()}\n-----END ${label}-----\n`;
}
