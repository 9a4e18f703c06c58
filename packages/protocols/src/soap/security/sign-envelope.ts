/** Signs body and timestamp of an envelope with an X.509 certificate (WS-Security X.509 Token Profile 1.0); the signing is node-soap's. */
import { createPrivateKey, X509Certificate } from 'node:crypto';

export interface SigningKey {
  /** PEM. */
  privateKey: string;
  passphrase?: string | undefined;
  /** PEM; goes out in the message as `BinarySecurityToken`. */
  certificate: string;
}

export type SignEnvelope = (envelope: string) => string;
export type SignerLoaded = { ok: true; sign: SignEnvelope } | { ok: false; reason: string };

/**
 * Prepares signing. RSA with SHA-256, exclusive canonicalisation. The envelope must have a `wsse:Security` header (`securityHeader`), the
 * prefix `soap`, and a timestamp when `timestamped`.
 * node-soap is loaded here and not before: only spokes that sign pay for it. Its module is imported alone, the package's own entry would
 * bring an HTTP client and form parsers along.
 */
export async function loadSigner(key: SigningKey, timestamped: boolean): Promise<SignerLoaded> {
  const problem = signingKeyProblem(key);
  if (problem !== null) return { ok: false, reason: problem };
  const { WSSecurityCert } = await import('soap/lib/security/WSSecurityCert.js');
  const sign: SignEnvelope = (envelope) => {
    // It keeps the references of what it signed: one for each envelope.
    const signer = new WSSecurityCert(key.privateKey, firstCertificate(key.certificate), key.passphrase ?? '', {
      hasTimeStamp: false,
      signatureTransformations: [EXCLUSIVE_C14N],
      additionalReferences: timestamped ? ['wsu:Timestamp'] : [],
      digestAlgorithm: 'http://www.w3.org/2001/04/xmlenc#sha256',
      signerOptions: { idMode: 'wssecurity', existingPrefixes: { wsse: WSSE } },
    });
    return signer.postProcess(envelope, 'soap');
  };
  return { ok: true, sign };
}

const EXCLUSIVE_C14N = 'http://www.w3.org/2001/10/xml-exc-c14n#';
const WSSE = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd';

/** What is wrong with a key or certificate, or null. Quotes neither. */
export function signingKeyProblem({ privateKey, passphrase, certificate }: SigningKey): string | null {
  try {
    const key = createPrivateKey({ key: privateKey, ...(passphrase === undefined ? {} : { passphrase }) });
    if (key.asymmetricKeyType !== 'rsa') return 'expected an RSA private key';
    try {
      return new X509Certificate(certificate).checkPrivateKey(key) ? null : 'the certificate does not belong to the private key';
    } catch {
      return 'expected a certificate as PEM';
    }
  } catch {
    return 'expected a private key as PEM that its passphrase opens';
  }
}

/** The signing certificate alone: a chain behind it is not part of the token. */
function firstCertificate(pem: string): string {
  return /-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/.exec(pem)?.[0] ?? pem;
}
