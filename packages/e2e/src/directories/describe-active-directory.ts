/** What an `active-directory` spoke does for people who come, change and go; run against Samba and against the simulator, which has to be like it. */
import type { ErasedAdapter, SpokeConnection } from '@nave/adapter-kit';
import { kindOf } from '@nave/adapters';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type OpenSpoke, openSpoke } from './open-spoke.ts';

export interface DomainUnderTest {
  url: string;
  ca: string;
  serverName?: string;
  baseDn: string;
  user: string;
  password: string;
  stop(): Promise<void>;
}

const NORMAL = 512;
const DISABLED = 514;
const EMPLOYEE = 'E-1001';
const never = new AbortController().signal;

/** @param start a domain without the organizational units and groups used here, or with them */
export function describeActiveDirectory(start: () => Promise<DomainUnderTest>): void {
  let domain: DomainUnderTest;
  let spoke: OpenSpoke;
  let observer: OpenSpoke;
  let base = '';
  const at = (name: string): string => `OU=${name},${base}`;
  const groupDn = (name: string): string => `CN=${name},${at('Groups')}`;

  const kind = (name: string): ErasedAdapter => {
    const found = kindOf(name);
    if (found === undefined) throw new Error(`no kind ${name}`);
    return found;
  };
  const connection = () => ({
    url: domain.url,
    ca: domain.ca,
    ...(domain.serverName === undefined ? {} : { serverName: domain.serverName }),
  });
  const credentials = () => ({ type: 'simple', user: domain.user, password: domain.password });
  const config = (changes: object = {}) => ({
    ...connection(),
    baseDn: base,
    accounts: { container: at('Staff'), createIn: at('New'), leavers: at('Leavers'), upnSuffix: 'nave.test', deletable: true },
    groups: { base: at('Groups') },
    ...changes,
  });
  const open = (changes: object = {}): Promise<OpenSpoke> => openSpoke(kind('active-directory'), config(changes), credentials());
  const ok = async (operation: string, data: unknown, on: OpenSpoke = spoke): Promise<Readonly<Record<string, unknown>>> => {
    const { outcome, output } = await on.send(operation, data);
    expect([outcome.kind, outcome.detail]).toEqual(['ok', `${operation} done`]);
    return Object(output);
  };
  const read = async (dn: string, ...attributes: string[]): Promise<Readonly<Record<string, unknown>>> =>
    Object(await ok('read', { dn, attributes }, observer));
  /** Whether a password opens the account, or which sub-code says why not. */
  const logsOn = async (user: string, password: string): Promise<string> => {
    const given = { type: 'simple', user, password };
    const person = await openSpoke(kind('ldap'), connection(), given);
    const { outcome } = await person.send('exists', { dn: base });
    await person.connection.close();
    return outcome.kind === 'ok' || outcome.status !== 49 ? 'yes' : outcome.detail;
  };

  beforeAll(async () => {
    domain = await start();
    base = domain.baseDn;
    observer = await openSpoke(kind('ldap'), { ...connection(), baseDn: base, passwordStyle: 'unicodePwd' }, credentials());
    for (const ou of ['Staff', 'New', 'Leavers', 'Groups'])
      await ok('upsert', { dn: at(ou), attributes: { objectClass: 'organizationalUnit' } }, observer).catch(() => undefined);
    for (const name of ['Sales', 'Support', 'VPN', 'Board']) {
      const { output } = await observer.send('exists', { dn: groupDn(name) });
      if (output === null) await ok('add', { dn: groupDn(name), attributes: { objectClass: 'group', sAMAccountName: name } }, observer);
    }
    spoke = await open();
  }, 900_000);
  afterAll(async () => {
    await spoke?.connection.close();
    await observer?.connection.close();
    await domain?.stop();
  });

  it('can be checked: reachable, encrypted, credentials, places', async () => {
    const { checks, ok: all } = await spoke.connection.probe(never);
    expect(checks.map(({ name, ok: fine }) => [name, fine])).toEqual(
      ['reachable', 'encryption', 'credentials', 'base', 'container', 'createIn', 'leavers', 'groups'].map((name) => [name, true]),
    );
    expect(all).toBe(true);
  });

  describe('somebody comes', () => {
    const input = () => ({
      ...{ employeeId: EMPLOYEE, userName: 'jnovakova', firstName: 'Jana', lastName: 'Nováková', displayName: 'Nováková, Jana "J+"' },
      ...{ email: 'Jana@Nave.Test', expires: '2023-11-14', groups: ['Sales', groupDn('VPN')] },
    });

    it('gets an account that is enabled, in the right groups and place', async () => {
      const output = await ok('createAccount', input());
      expect(output).toMatchObject({
        created: true,
        enabled: true,
        userName: 'jnovakova',
        steps: ['created', 'password', 'enabled', 'groups', 'moved'],
      });
      const account = await read(
        String(output['dn']),
        'userAccountControl',
        'employeeID',
        'mail',
        'memberOf',
        'userPrincipalName',
        'accountExpires',
        'adminDescription',
      );
      expect(account).toMatchObject({
        userAccountControl: String(NORMAL),
        employeeID: EMPLOYEE,
        mail: 'jana@nave.test',
        userPrincipalName: 'jnovakova@nave.test',
      });
      expect(account['accountExpires']).toBe('133444799990000000');
      expect([...Object(account['memberOf'])].sort()).toEqual([groupDn('Sales'), groupDn('VPN')]);
      expect(account).not.toHaveProperty('adminDescription');
      expect(String(output['dn'])).toContain('OU=Staff');
    });

    it('and no second one, however often it is told', async () => {
      expect(await ok('createAccount', input())).toMatchObject({ created: false, existed: true });
      expect(await ok('search', { filter: '(employeeID=E-1001)', attributes: ['cn'] }, observer)).toMatchObject({ entries: { length: 1 } });
    });

    it('another person of the same name gets another common name, and no user name that is taken', async () => {
      const other = { ...input(), employeeId: 'E-1002', userName: 'jnovakova2', email: 'j2@nave.test', groups: [] };
      expect(await ok('createAccount', other)).toMatchObject({ created: true });
      const { outcome } = await spoke.send('createAccount', { ...input(), employeeId: 'E-1003' });
      expect(outcome).toMatchObject({ kind: 'rejected', status: 68 });
      expect(outcome.detail).not.toContain('jnovakova');
    });

    it('with a first password that has to be changed', async () => {
      const first = await open({ password: { mode: 'must-change' } });
      const password = 'Vítej-2026-x';
      await ok('createAccount', { employeeId: 'E-1010', userName: 'first', displayName: 'First', password }, first);
      expect(await logsOn('first@nave.test', password)).toMatch(/773|yes/);
      expect(await logsOn('first@nave.test', 'Other-2026-y')).toContain('52e');
      await first.connection.close();
    });

    it('stays disabled when the policy refuses the password, and goes on from there', async () => {
      const first = await open({ password: { mode: 'must-change' } });
      const weak = { employeeId: 'E-1011', userName: 'weakling', displayName: 'Weak', password: 'aaa' };
      const { outcome, output } = await first.send('createAccount', weak);
      expect(outcome).toMatchObject({ kind: 'rejected', detail: expect.stringMatching(/^password: .*policy/) });
      expect(JSON.stringify(output)).not.toContain('aaa');
      expect(output).toMatchObject({ stoppedAt: 'password' });
      expect(await ok('findAccount', { employeeId: 'E-1011' }, first)).toMatchObject({ enabled: false, complete: false });
      expect(await ok('createAccount', { ...weak, password: 'Strong-2026-z' }, first)).toMatchObject({
        created: false,
        steps: ['found', 'password', 'enabled', 'moved'],
      });
      expect(await ok('findAccount', { employeeId: 'E-1011' }, first)).toMatchObject({ enabled: true, complete: true });
      await first.connection.close();
    });

    it('without a password stays disabled', async () => {
      const none = await open({ password: { mode: 'none' } });
      expect(await ok('createAccount', { employeeId: 'E-1012', userName: 'nopass', displayName: 'No Pass' }, none)).toMatchObject({
        enabled: false,
      });
      expect(await ok('findAccount', { userName: 'nopass' }, none)).toMatchObject({ enabled: false, complete: true });
      await none.connection.close();
    });

    it('is refused groups that are not managed', async () => {
      const { outcome } = await spoke.send('createAccount', { employeeId: 'E-1013', userName: 'greedy', groups: ['Domain Admins'] });
      expect(outcome).toMatchObject({ kind: 'invalid', detail: expect.stringContaining('/groups/0') });
    });
  });

  describe('somebody changes', () => {
    it('attributes: what is said, and nothing else', async () => {
      expect(await ok('updateAccount', { employeeId: EMPLOYEE, phone: '+420 123', title: 'Rep' })).toMatchObject({
        changed: ['telephoneNumber', 'title'],
      });
      expect(await ok('updateAccount', { employeeId: EMPLOYEE, phone: '+420 123', title: null })).toMatchObject({ changed: ['title'] });
      expect(await ok('updateAccount', { employeeId: EMPLOYEE, phone: '+420 123' })).toMatchObject({ changed: [] });
      expect((await spoke.send('updateAccount', { employeeId: 'nobody' })).outcome).toMatchObject({ kind: 'rejected', status: 32 });
    });

    it('place in the organisation', async () => {
      await ok('organisation', { employeeId: EMPLOYEE, manager: 'E-1002', department: 'Sales', title: 'Lead' });
      const manager = await ok('findAccount', { employeeId: 'E-1002' });
      expect(await ok('findAccount', { employeeId: EMPLOYEE })).toMatchObject({
        manager: manager['dn'],
        attributes: { department: 'Sales', title: 'Lead' },
      });
      expect((await spoke.send('organisation', { employeeId: EMPLOYEE, manager: 'nobody' })).outcome).toMatchObject({
        kind: 'rejected',
        status: 32,
      });
    });

    it('groups: exactly those, among the managed ones', async () => {
      expect(await ok('syncGroups', { employeeId: EMPLOYEE, groups: ['VPN', 'Support'] })).toMatchObject({
        added: [groupDn('Support')],
        removed: [groupDn('Sales')],
        kept: [groupDn('VPN')],
      });
      expect(await ok('syncGroups', { employeeId: EMPLOYEE, groups: ['VPN', 'Support'] })).toMatchObject({ added: [], removed: [] });
      expect((await spoke.send('syncGroups', { employeeId: EMPLOYEE, groups: ['Nowhere'] })).outcome).toMatchObject({ kind: 'invalid' });
      expect(await ok('groupMembers', { group: 'Support' })).toMatchObject({ members: { length: 1 } });
    });
  });

  describe('somebody goes', () => {
    it('loses every access, with proof; and gets it back by undo', async () => {
      const before = await ok('findAccount', { employeeId: EMPLOYEE });
      const proof = await ok('disableAccount', { employeeId: EMPLOYEE });
      expect(proof).toMatchObject({
        objectGUID: before['objectGUID'],
        closed: [
          { what: 'enabled', before: true, after: false },
          { what: 'password', after: 'random, known to nobody' },
          { what: 'group', before: true, after: false },
          { what: 'group', before: true, after: false },
          { what: 'place', before: at('Staff'), after: at('Leavers') },
        ],
        remaining: { enabled: false, groups: [] },
      });
      const gone = await read(String(proof['dn']), 'userAccountControl', 'memberOf');
      expect(gone).toEqual({ dn: proof['dn'], userAccountControl: String(DISABLED) });
      expect(await ok('disableAccount', { employeeId: EMPLOYEE })).toMatchObject({ remaining: { enabled: false, groups: [] } });
      expect(await ok('createAccount', { employeeId: EMPLOYEE, userName: 'jnovakova' })).toMatchObject({ existed: true });
      expect(await ok('findAccount', { employeeId: EMPLOYEE })).toMatchObject({ enabled: false });

      expect(await ok('restoreAccount', proof)).toMatchObject({ enabled: true });
      expect(await ok('findAccount', { employeeId: EMPLOYEE })).toMatchObject({ enabled: true, dn: before['dn'] });
      expect(await ok('restoreAccount', proof)).toMatchObject({ enabled: true });
    });

    it('other bits of the account stay as they were', async () => {
      const account = await ok('findAccount', { employeeId: 'E-1002' });
      await ok(
        'modify',
        { dn: account['dn'], changes: [{ operation: 'replace', attribute: 'userAccountControl', values: String(NORMAL + 65_536) }] },
        observer,
      );
      const proof = await ok('disableAccount', { employeeId: 'E-1002' });
      expect(await read(String(proof['dn']), 'userAccountControl')).toMatchObject({ userAccountControl: String(DISABLED + 65_536) });
    });

    it('is deleted where the spoke allows it, as often as told', async () => {
      expect(await ok('deleteAccount', { employeeId: 'E-1012' })).toMatchObject({ deleted: true });
      expect(await ok('deleteAccount', { employeeId: 'E-1012' })).toMatchObject({ deleted: false });
      const careful = await open({ accounts: { container: at('Staff') } });
      expect((await careful.send('deleteAccount', { employeeId: 'E-1002' })).outcome).toMatchObject({ kind: 'rejected', sent: false });
      await careful.connection.close();
    });
  });

  describe('refused log-ons', () => {
    it('say why, as far as the domain tells', async () => {
      await ok('setPassword', { dn: (await ok('findAccount', { employeeId: 'E-1002' }))['dn'], password: 'Known-2026-a' }, observer);
      expect(await logsOn('jnovakova2@nave.test', 'Known-2026-a')).toContain('disabled');
      expect(await logsOn('jnovakova@nave.test', 'wrong')).toContain('52e');
    });
  });

  describe('changes', () => {
    const poll = async (on: SpokeConnection, cursor: string | null, from: 'now' | 'start' = 'now', limit = 100) => {
      const page = await on.poll?.('changes', cursor, limit, never, from);
      if (page?.ok !== true) throw new Error(`no page: ${JSON.stringify(page)}`);
      return page;
    };

    it('are told from where the last look ended: accounts, groups, deletions', async () => {
      const start = await poll(spoke.connection, null);
      expect(start.items).toEqual([]);
      expect((await poll(spoke.connection, start.cursor)).items).toEqual([]);
      await ok('createAccount', { employeeId: 'E-2001', userName: 'polled', displayName: 'Polled', groups: ['Board'] });
      const created = await poll(spoke.connection, start.cursor);
      const account = created.items.find(({ type }) => type === 'account.changed');
      expect(account?.data).toMatchObject({ userName: 'polled', employeeId: 'E-2001', enabled: true, resync: false });
      expect(created.items.find(({ type }) => type === 'group.changed')?.data).toMatchObject({
        name: 'Board',
        members: [expect.stringContaining('OU=Staff')],
      });
      expect(await poll(spoke.connection, start.cursor)).toEqual(created);
      await ok('deleteAccount', { employeeId: 'E-2001' });
      const deleted = await poll(spoke.connection, created.cursor);
      const gone = deleted.items.find(({ type }) => type === 'account.deleted');
      expect(gone).toMatchObject({
        data: { name: 'polled', objectGUID: Object(account?.data)['objectGUID'] },
        orderingKey: account?.orderingKey,
      });
    });

    it('are told all, in pages, from the start or to one whose cursor is of another life of the database', async () => {
      const seen: string[] = [];
      let cursor: string | null = JSON.stringify({ invocationId: '00000000-0000-0000-0000-000000000000', usn: 5, resyncTo: 0 });
      for (let page = 0; page < 200; page++) {
        const { items, cursor: next, more }: Awaited<ReturnType<typeof poll>> = await poll(spoke.connection, cursor, 'now', 3);
        seen.push(...items.map(({ data }) => String(Object(data)['userName'] ?? Object(data)['name'])));
        for (const { data } of items) expect(data).toMatchObject({ resync: true });
        cursor = next;
        if (!more) break;
      }
      expect(seen).toEqual(expect.arrayContaining(['jnovakova', 'Sales', 'Board']));
      expect(new Set(seen).size).toBe(seen.length);
      expect((await poll(spoke.connection, cursor)).items).toEqual([]);
    }, 60_000);
  });
}
