/** The WS-Security header's own tokens: user name with password or digest (UsernameToken Profile 1.0) and the timestamp. */
import { createHash } from 'node:crypto';
import { BASE64_ENCODING_TYPE, USERNAME_TOKEN_PROFILE, WSSE_NS, WSU_NS } from '../xml/namespaces.ts';
import { qname } from '../xml/qname.ts';
import { element, type XmlElement } from '../xml/xml-element.ts';

const wsse = (local: string): string => qname(WSSE_NS, local);
const wsu = (local: string): string => qname(WSU_NS, local);

export interface UsernameToken {
  username: string;
  password: string;
  passwordType: 'PasswordText' | 'PasswordDigest';
  nowMs: number;
  /** At least 16 random bytes, new for every request. */
  nonce: Uint8Array;
}

/** `wsse:UsernameToken`. With a digest the password itself does not leave; nonce and time are always there, which lets the other side refuse repeats. */
export function usernameToken({ username, password, passwordType, nowMs, nonce }: UsernameToken): XmlElement {
  const created = instant(nowMs);
  const said = passwordType === 'PasswordText' ? password : passwordDigest(nonce, created, password);
  return element(
    wsse('UsernameToken'),
    [
      element(wsse('Username'), [username]),
      element(wsse('Password'), [said], { Type: `${USERNAME_TOKEN_PROFILE}#${passwordType}` }),
      element(wsse('Nonce'), [Buffer.from(nonce).toString('base64')], { EncodingType: BASE64_ENCODING_TYPE }),
      element(wsu('Created'), [created]),
    ],
    { [wsu('Id')]: 'UsernameToken-1' },
  );
}

/** `Base64(SHA-1(nonce + created + password))`, the nonce as bytes (UsernameToken Profile 1.0, section 3.1). */
export function passwordDigest(nonce: Uint8Array, created: string, password: string): string {
  return createHash('sha1').update(nonce).update(created).update(password).digest('base64');
}

/** `wsu:Timestamp` from now on. */
export function timestamp(nowMs: number, lifetimeMs: number): XmlElement {
  return element(wsu('Timestamp'), [element(wsu('Created'), [instant(nowMs)]), element(wsu('Expires'), [instant(nowMs + lifetimeMs)])], {
    [wsu('Id')]: 'Timestamp-1',
  });
}

/** `wsse:Security` around tokens; the receiver must understand it. */
export function securityHeader(envelopeNamespace: string, tokens: readonly XmlElement[], actor?: string): XmlElement {
  const role = envelopeNamespace.includes('2003/05') ? 'role' : 'actor';
  return element(wsse('Security'), tokens, {
    [qname(envelopeNamespace, 'mustUnderstand')]: '1',
    ...(actor === undefined ? {} : { [qname(envelopeNamespace, role)]: actor }),
  });
}

/** UTC with milliseconds, as the profile asks (`xsd:dateTime` with `Z`). */
function instant(ms: number): string {
  return new Date(ms).toISOString();
}
