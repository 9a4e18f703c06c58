/** A small general directory for the demo and the tests: people, groups, passwords by RFC 3062. */
import { childrenOf, isSameDn, readTlv } from '@nave/protocols';
import { type DirectorySimulator, startDirectoryServer } from '../../simulator-kit/ldap/directory-server.ts';
import { createMemoryDirectory } from '../../simulator-kit/ldap/memory-directory.ts';
import { selfSignedCertificate } from '../../simulator-kit/self-signed-certificate.ts';

export interface LdapSimulatorOptions {
  port?: number;
  /** TLS from the first byte (default), or StartTLS. */
  ldaps?: boolean;
  /** Who may bind, besides nobody. */
  accounts?: Readonly<Record<string, string>>;
}

export interface LdapSimulator extends DirectorySimulator {
  /** Passwords that were set, by name of the entry. */
  passwords(): ReadonlyMap<string, string>;
}

const PASSWORD_MODIFY = '1.3.6.1.4.1.4203.1.11.1';
const SYSTEM = { secure: true, user: 'system' };

/** Holds `dc=example,dc=test` with `ou=people` and `ou=groups`. */
export async function startLdapSimulator({ port = 0, ldaps = true, accounts = {} }: LdapSimulatorOptions = {}): Promise<LdapSimulator> {
  const directory = createMemoryDirectory();
  const passwords = new Map<string, string>();
  const text = (name: string, ...values: string[]) => ({ name, values: values.map((value) => Buffer.from(value)) });
  directory.add('dc=example,dc=test', [text('objectClass', 'domain')], SYSTEM);
  for (const ou of ['people', 'groups']) directory.add(`ou=${ou},dc=example,dc=test`, [text('objectClass', 'organizationalUnit')], SYSTEM);
  const server = await startDirectoryServer({
    ...{ directory, ldaps, port, tls: selfSignedCertificate('directory.simulator', Date.now()) },
    root: () => [text('supportedLDAPVersion', '3'), text('namingContexts', 'dc=example,dc=test')],
    bind(user, password) {
      if (user === '' && password === '') return null;
      const known = Object.entries(accounts).find(([name]) => isSameDn(name, user))?.[1];
      return known !== undefined && known === password ? null : { code: 49, diagnostic: '' };
    },
    extended(oid, value) {
      if (oid !== PASSWORD_MODIFY) return null;
      const parts = childrenOf(readTlv(value, 0).value);
      const dn = parts.find(({ tag }) => tag === 0x80)?.value.toString('utf8') ?? '';
      if (directory.find(dn) === undefined) return { code: 32, diagnostic: '' };
      passwords.set(dn, parts.find(({ tag }) => tag === 0x82)?.value.toString('utf8') ?? '');
      return { code: 0, diagnostic: '' };
    },
  });
  return { ...server, passwords: () => passwords };
}
