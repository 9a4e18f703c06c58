/** How a service checks a UsernameToken: password as text or digest, a nonce only once. */
import { attributeOf, childOf, passwordDigest, textOf, WSSE_NS, WSU_NS, type XmlElement } from '@nave/protocols';

/** The code of the fault it is refused with, or null. */
export function checkUsernameToken(
  headers: readonly XmlElement[],
  { username, password }: { username: string; password: string },
  nonces: Set<string>,
): string | null {
  const security = headers.find(({ ns, local }) => ns === WSSE_NS && local === 'Security');
  const token = security && childOf(security, WSSE_NS, 'UsernameToken');
  if (!token) return 'InvalidSecurity';
  const part = (ns: string, local: string): string => {
    const found = childOf(token, ns, local);
    return found ? textOf(found) : '';
  };
  const type = attributeOf(childOf(token, WSSE_NS, 'Password') ?? token, 'Type') ?? '';
  const nonce = part(WSSE_NS, 'Nonce');
  const digest = passwordDigest(Buffer.from(nonce, 'base64'), part(WSU_NS, 'Created'), password);
  const expected = type.endsWith('#PasswordDigest') ? digest : password;
  if (part(WSSE_NS, 'Username') !== username || part(WSSE_NS, 'Password') !== expected) return 'FailedAuthentication';
  if (nonces.has(nonce)) return 'MessageExpired';
  nonces.add(nonce);
  return null;
}
