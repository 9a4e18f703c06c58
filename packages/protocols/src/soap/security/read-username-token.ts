/** Reads the WS-Security header of a caller: the UsernameToken and the end of its time. Nothing of it is checked here. */
import type { UsernameTokenClaim } from '@nave/core';
import { USERNAME_TOKEN_PROFILE, WSSE_NS, WSU_NS } from '../xml/namespaces.ts';
import { attributeOf, childElements, childOf, childrenNamed, textOf, type XmlElement } from '../xml/xml-element.ts';

/** The claim, or null where there is no token, or more than one. @param headers blocks meant for this receiver */
export function readUsernameToken(headers: readonly XmlElement[]): UsernameTokenClaim | null {
  const blocks = headers.filter(isSecurity);
  const [block] = blocks;
  const tokens = blocks.flatMap((each) => childrenNamed(each, WSSE_NS, 'UsernameToken'));
  const [token] = tokens;
  if (block === undefined || token === undefined || blocks.length > 1 || tokens.length > 1) return null;
  const [username, password] = [childOf(token, WSSE_NS, 'Username'), childOf(token, WSSE_NS, 'Password')];
  if (username === undefined || password === undefined) return null;
  const passwordType = typeOf(password);
  if (passwordType === null) return null;
  const nonce = childOf(token, WSSE_NS, 'Nonce');
  const created = childOf(token, WSU_NS, 'Created');
  const stamp = childOf(block, WSU_NS, 'Timestamp');
  const expires = stamp && childOf(stamp, WSU_NS, 'Expires');
  return {
    username: textOf(username),
    password: passwordType === 'digest' ? textOf(password).trim() : textOf(password),
    passwordType,
    nonce: nonce === undefined ? null : Buffer.from(textOf(nonce).trim(), 'base64'),
    created: created === undefined ? null : textOf(created).trim(),
    expires: expires === undefined ? null : textOf(expires).trim(),
  };
}

/** True where a security header asks for nothing but what `readUsernameToken` reads: signatures and encryption are not checked here. */
export function isPlainSecurity(header: XmlElement): boolean {
  return isSecurity(header) && childElements(header).every(({ ns, local }) => `${ns} ${local}` === TOKEN || `${ns} ${local}` === STAMP);
}

function isSecurity({ ns, local }: XmlElement): boolean {
  return ns === WSSE_NS && local === 'Security';
}

const TOKEN = `${WSSE_NS} UsernameToken`;
const STAMP = `${WSU_NS} Timestamp`;

/** Without a type the password is text (UsernameToken Profile 1.0, section 3.1). */
function typeOf(password: XmlElement): 'text' | 'digest' | null {
  const type = attributeOf(password, 'Type')?.trim() ?? '';
  if (type === '' || type === `${USERNAME_TOKEN_PROFILE}#PasswordText`) return 'text';
  return type === `${USERNAME_TOKEN_PROFILE}#PasswordDigest` ? 'digest' : null;
}
