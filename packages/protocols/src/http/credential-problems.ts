/** What a schema cannot say about credentials: fields that belong together, and keys that must be readable. */
import { type KeyObject, X509Certificate } from 'node:crypto';
import { createSecureContext } from 'node:tls';
import type { FieldProblem } from '@nave/core';
import type { ClientCertificate } from './client-certificate.ts';
import type { HmacCredentials, HttpCredentials } from './credentials.ts';
import { headerValueProblem } from './header-rules.ts';
import { HMAC_PARTS } from './hmac-signature.ts';
import { parseHttpTarget } from './http-target.ts';
import type { OAuth2Client } from './oauth2-credentials.ts';
import { readPrivateKey } from './sign-jwt.ts';
import type { HttpTls } from './tls-settings.ts';

/** All problems, with JSON Pointers below the spoke; for `validate` of every kind that takes `HttpCredentials`. Secrets are not quoted. */
export function httpCredentialProblems(credentials: HttpCredentials): FieldProblem[] {
  const problems: FieldProblem[] = [];
  const add = (field: string, message: string | null): void => {
    if (message !== null) problems.push({ path: `/credentials/${field}`, message });
  };
  if ('clientCertificate' in credentials && credentials.clientCertificate !== undefined)
    add('clientCertificate', certificateProblem(credentials.clientCertificate));
  switch (credentials.type) {
    case 'bearer':
      add('token', headerSecretProblem(credentials.token));
      break;
    case 'api-key':
      if (credentials.in !== 'query') add('value', headerSecretProblem(credentials.value));
      break;
    case 'hmac':
      add('secret', encodedKeyProblem(credentials));
      add('signed', signedProblem(credentials.signed));
      break;
    case 'cookie-login':
      add('url', targetProblem(credentials.url));
      break;
    case 'oauth2-jwt-bearer':
      add('tokenUrl', targetProblem(credentials.tokenUrl));
      add('privateKey', keyProblem(credentials.privateKey, credentials.algorithm));
      break;
    case 'oauth2-client-credentials':
    case 'oauth2-refresh-token':
      add('tokenUrl', targetProblem(credentials.tokenUrl));
      clientProblems(credentials, add);
      break;
    default:
  }
  return problems;
}

/**
 * What is wrong with TLS settings that their schema allows.
 * @param url where the spoke is
 * @param at JSON Pointer of the settings below the spoke
 */
export function httpTlsProblems(tls: HttpTls | undefined, url: string, at: string): FieldProblem[] {
  if (tls === undefined) return [];
  const problems: FieldProblem[] = [];
  if (!/^https:/i.test(url)) problems.push({ path: at, message: 'expected an https URL: without TLS nothing here has an effect' });
  if (tls.ca !== undefined && !readable(tls.ca)) problems.push({ path: `${at}/ca`, message: 'expected certificates in PEM form' });
  return problems;
}

function readable(ca: string): boolean {
  const certificates = ca.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  try {
    for (const each of certificates) new X509Certificate(each);
    return certificates.length > 0;
  } catch {
    return false;
  }
}

function clientProblems(credentials: OAuth2Client, add: (field: string, message: string | null) => void): void {
  const { clientAuth = 'basic', clientSecret, privateKey, clientCertificate, algorithm } = credentials;
  if (clientAuth === 'basic' || clientAuth === 'body') {
    if (clientSecret === undefined) add('clientSecret', `required for "clientAuth": "${clientAuth}"`);
  } else if (clientAuth === 'private-key-jwt') {
    add('privateKey', privateKey === undefined ? 'required for "clientAuth": "private-key-jwt"' : keyProblem(privateKey, algorithm));
  } else if (clientAuth === 'tls') {
    if (clientCertificate === undefined) add('clientCertificate', 'required for "clientAuth": "tls"');
  } else if (credentials.type === 'oauth2-client-credentials') {
    add('clientAuth', 'expected a proof of who the client is: client credentials without one give a token to anybody');
  }
}

/** A line break at the end is what copying most often brings along. */
function headerSecretProblem(secret: string): string | null {
  return headerValueProblem(secret) === null
    ? null
    : 'expected text that can stand in a header: no line breaks, no characters beyond Latin-1';
}

/** What Node decodes of a text that is not in the encoding is another key, and every signature wrong. */
function encodedKeyProblem({ secret, secretEncoding = 'utf8' }: HmacCredentials): string | null {
  if (secretEncoding === 'hex') return /^(?:[0-9A-Fa-f]{2})+$/.test(secret) ? null : 'expected a key in hex: two digits for each byte';
  if (secretEncoding === 'utf8') return null;
  const digits = secret.replace(/={1,2}$/, '');
  const padded = digits === secret || secret.length % 4 === 0;
  return padded && digits.length % 4 !== 1 && /^(?:[A-Za-z0-9+/]+|[A-Za-z0-9_-]+)$/.test(digits) ? null : 'expected a key in base64';
}

function signedProblem(signed = ''): string | null {
  const unknown = [...signed.matchAll(/\{([A-Za-z0-9]+)\}/g)].find(([, name = '']) => !HMAC_PARTS.includes(name));
  return unknown === undefined ? null : `there is no ${unknown[0]}, expected one of ${HMAC_PARTS.map((name) => `{${name}}`).join(', ')}`;
}

function targetProblem(url: string): string | null {
  const target = parseHttpTarget(url);
  return target.ok ? null : `expected an http or https URL: ${target.reason}`;
}

function certificateProblem({ cert, key, passphrase }: ClientCertificate): string | null {
  try {
    createSecureContext({ cert, key, passphrase });
    return null;
  } catch {
    return 'expected a certificate and its own private key, and the passphrase where the key is encrypted';
  }
}

const KEY_TYPES: Readonly<Record<string, readonly string[]>> = { RS: ['rsa'], PS: ['rsa', 'rsa-pss'], ES: ['ec'], Ed: ['ed25519'] };

function keyProblem(text: string, algorithm = 'RS256'): string | null {
  let key: KeyObject;
  try {
    key = readPrivateKey(text);
  } catch {
    return 'expected a private key in PEM form, not encrypted, or as a JWK';
  }
  return KEY_TYPES[algorithm.slice(0, 2)]?.includes(key.asymmetricKeyType ?? '') === true
    ? null
    : `expected a key that fits the algorithm ${algorithm}`;
}
