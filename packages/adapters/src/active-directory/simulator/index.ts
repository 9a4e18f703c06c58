/** A small domain controller for the demo and the tests, with the traps of a real one. */
import { randomBytes } from 'node:crypto';
import { isSameDn, isWithin } from '@nave/protocols';
import { type DirectorySimulator, startDirectoryServer } from '../../simulator-kit/ldap/directory-server.ts';
import { createMemoryDirectory, type Refusal } from '../../simulator-kit/ldap/memory-directory.ts';
import { selfSignedCertificate } from '../../simulator-kit/self-signed-certificate.ts';
import { isDisabled, readControl } from '../account-control.ts';
import { guidText } from '../object-guid.ts';
import { bytesOf, type DomainState, domainRules, hasClass, SYSTEM, textOf } from './domain-rules.ts';

export interface ActiveDirectorySimulatorOptions {
  port?: number;
  /** TLS from the first byte (default), or StartTLS. */
  ldaps?: boolean;
  /** The account the hub binds with, `<user>@nave.test`. */
  service?: { user: string; password: string };
  /** Names of groups below `OU=Groups`. */
  groups?: readonly string[];
  /** Values of an attribute in one answer; a real one gives 1,500. */
  valuesMax?: number;
  nowMs?: () => number;
}

export interface SimulatedAccount {
  dn: string;
  objectGUID: string;
  userName: string;
  enabled: boolean;
  /** Null while none was ever set. */
  password: string | null;
  /** It has to be changed at the first log-on. */
  mustChange: boolean;
  /** Common names. */
  groups: string[];
  attributes: Readonly<Record<string, string>>;
}

export interface ActiveDirectorySimulator extends DirectorySimulator {
  readonly baseDn: string;
  readonly bindUser: string;
  /** Every account of a person, tombstones left out. */
  accounts(): readonly SimulatedAccount[];
  account(userName: string): SimulatedAccount | undefined;
  /** As after a restore from a backup: another life of the database. */
  restoreFromBackup(): void;
}

const BASE = 'DC=nave,DC=test';
const SETTINGS = `CN=NTDS Settings,CN=DC1,CN=Sites,CN=Configuration,${BASE}`;
const NOT_BOUND: Refusal = {
  code: 1,
  diagnostic:
    '000004DC: LdapErr: DSID-0C090A5C, comment: In order to perform this operation a successful bind must be completed on the connection., data 0',
};
const SERVICE = { user: 'svc-nave', password: 'Svc-Nave-1234' };

/** Holds `OU=Staff`, `OU=New`, `OU=Leavers` and `OU=Groups` below `DC=nave,DC=test`. Refuses changes of `CN=Domain Admins`. */
export async function startActiveDirectorySimulator(options: ActiveDirectorySimulatorOptions = {}): Promise<ActiveDirectorySimulator> {
  const { port = 0, ldaps = true, service = SERVICE, groups = [], nowMs = Date.now } = options;
  const state: DomainState = { usn: 1_000, nowMs, passwords: new Map(), denied: (dn) => isWithin(dn, `CN=Users,${BASE}`), baseDn: BASE };
  const directory = createMemoryDirectory(domainRules(state));
  const text = (name: string, ...values: string[]) => ({ name, values: values.map((value) => Buffer.from(value)) });
  const seed = (dn: string, ...attributes: { name: string; values: Buffer[] }[]): void => {
    const refusal = directory.add(dn, attributes, SYSTEM);
    if (refusal !== null) throw new Error(`the domain cannot be seeded: ${refusal.diagnostic}`);
  };
  seed(BASE, text('objectClass', 'domainDNS'));
  for (const name of ['Users', 'Deleted Objects', 'Configuration']) seed(`CN=${name},${BASE}`, text('objectClass', 'container'));
  seed(`CN=Sites,CN=Configuration,${BASE}`, text('objectClass', 'container'));
  seed(`CN=DC1,CN=Sites,CN=Configuration,${BASE}`, text('objectClass', 'server'));
  seed(SETTINGS, text('objectClass', 'nTDSDSA'), { name: 'invocationId', values: [randomBytes(16)] });
  for (const name of ['Staff', 'New', 'Leavers', 'Groups']) seed(`OU=${name},${BASE}`, text('objectClass', 'organizationalUnit'));
  for (const name of groups) seed(`CN=${name},OU=Groups,${BASE}`, text('objectClass', 'top', 'group'), text('sAMAccountName', name));
  seed(`CN=Domain Admins,CN=Users,${BASE}`, text('objectClass', 'top', 'group'), text('sAMAccountName', 'Domain Admins'));

  const people = () => directory.all().filter((entry) => hasClass(entry, 'user') && !entry.attributes.has('isdeleted'));
  const passwordOf = (entry: ReturnType<typeof people>[number]): string | null =>
    state.passwords.get(bytesOf(entry, 'objectGUID')?.toString('hex') ?? '') ?? null;

  /** Sub-codes as a domain controller gives them: the state of an account is told only to who knows its password. */
  function bind(user: string, password: string): Refusal | null {
    if (user === '' && password === '') return null;
    const name = user.replace(/^.*\\/, '').replace(/@.*$/, '').toLowerCase();
    if (name === service.user.toLowerCase()) return password === service.password ? null : refused('52e');
    const entry = people().find((each) => isSameDn(each.dn, user) || textOf(each, 'sAMAccountName')?.toLowerCase() === name);
    if (entry === undefined) return refused('525');
    if (passwordOf(entry) !== password) return refused('52e');
    if (isDisabled(readControl(textOf(entry, 'userAccountControl')) ?? 0)) return refused('533');
    return textOf(entry, 'pwdLastSet') === '0' ? refused('773') : null;
  }

  const server = await startDirectoryServer({
    ...{ directory, ldaps, port, bind, tls: selfSignedCertificate('dc1.nave.test', Date.now()) },
    ...(options.valuesMax === undefined ? {} : { valuesMax: options.valuesMax }),
    root: () => [
      ...[text('defaultNamingContext', BASE), text('dsServiceName', SETTINGS), text('highestCommittedUSN', String(state.usn))],
      ...[text('supportedLDAPVersion', '3', '2'), text('dnsHostName', 'dc1.nave.test')],
    ],
    authorize: (request, { user }) =>
      user === '' && request.op !== 'extended' && !(request.op === 'search' && request.base === '') ? NOT_BOUND : null,
  });

  const accounts = (): SimulatedAccount[] =>
    people().map((entry) => {
      const view = directory.view(entry);
      const memberOf = view.find(({ name }) => name === 'memberOf')?.values ?? [];
      return {
        ...{ dn: entry.dn, objectGUID: guidText(bytesOf(entry, 'objectGUID') ?? Buffer.alloc(0)) ?? '' },
        userName: textOf(entry, 'sAMAccountName') ?? '',
        enabled: !isDisabled(readControl(textOf(entry, 'userAccountControl')) ?? 0),
        password: passwordOf(entry),
        mustChange: passwordOf(entry) !== null && textOf(entry, 'pwdLastSet') === '0',
        groups: memberOf.map((group) => /^CN=([^,]*)/.exec(group.toString('utf8'))?.[1] ?? '').sort(),
        attributes: Object.fromEntries(view.map(({ name, values }) => [name, values[0]?.toString('utf8') ?? ''])),
      };
    });
  return {
    ...server,
    ...{ baseDn: BASE, bindUser: `${service.user}@nave.test`, accounts },
    account: (userName) => accounts().find((account) => account.userName.toLowerCase() === userName.toLowerCase()),
    restoreFromBackup() {
      directory.find(SETTINGS)?.attributes.set('invocationid', { name: 'invocationId', values: [randomBytes(16)] });
    },
  };
}

function refused(data: string): Refusal {
  return { code: 49, diagnostic: `80090308: LdapErr: DSID-0C0903D9, comment: AcceptSecurityContext error, data ${data}, v2580` };
}
