import type { AdapterContext, PollPage, SpokeConnection } from '@nave/adapter-kit';
import { DEFAULT_POLICY, type Outcome } from '@nave/core';
import { createGuardedAddresses } from '@nave/protocols';
import { createAddressGuard } from '@nave/security';
import { describeLdapContract, recordingLogger } from '@nave/testkit';
import { afterEach, describe, expect, it } from 'vitest';
import { createFakeExpressions } from '../fake-expressions.ts';
import type { DirectoryRequest } from '../simulator-kit/ldap/read-request.ts';
import { activeDirectory } from './index.ts';
import { type ActiveDirectorySimulator, type ActiveDirectorySimulatorOptions, startActiveDirectorySimulator } from './simulator/index.ts';

const PASSWORD = 'Svc-SECRET-1';
const BASE = 'DC=nave,DC=test';
const at = (name: string): string => `OU=${name},${BASE}`;
const accounts = { container: at('Staff'), createIn: at('New'), leavers: at('Leavers') };
const credentials = { type: 'simple', user: 'svc-nave@nave.test', password: PASSWORD } as const;
const expressions = createFakeExpressions({});
const start = (options: ActiveDirectorySimulatorOptions = {}) =>
  startActiveDirectorySimulator({ groups: ['Sales', 'VPN'], service: { user: 'svc-nave', password: PASSWORD }, ...options });
const addresses = (mode: 'open' | 'refusing' | 'stalled' = 'open') => {
  const guard = createAddressGuard({ allow: mode === 'refusing' ? [] : ['127.0.0.0/8', '::1'], forbid: [] });
  return createGuardedAddresses({ guard, resolve: mode === 'stalled' ? () => new Promise(() => {}) : async () => ['127.0.0.1'] });
};

describeLdapContract({
  adapter: activeDirectory,
  startSimulator: ({ ldaps }) => start({ ldaps }),
  createAddresses: addresses,
  expressions,
  config: ({ url, ca }) => ({ url, ca, baseDn: BASE, accounts, password: { mode: 'none' } }),
  credentials,
  operation: 'createAccount',
  input: { data: { employeeId: 'E-77', userName: 'jnovakova', displayName: 'Jana Nováková', email: 'jana@nave.test' }, raw: null },
  personal: ['jnovakova', 'Nováková', 'jana@nave.test', 'E-77'],
  diagnostic: '00002071: samldb: Account name (sAMAccountName) jnovakova already in use! CN=Jana Nováková,OU=Staff',
});

describe('an active-directory spoke', () => {
  let simulator: ActiveDirectorySimulator;
  let connection: SpokeConnection;
  const logger = recordingLogger();
  const input = { employeeId: 'E-1', userName: 'anna', displayName: 'Anna', groups: ['Sales', 'VPN'] };

  async function open(options: ActiveDirectorySimulatorOptions = {}, changes: object = {}): Promise<void> {
    simulator = await start(options);
    const context: AdapterContext<unknown> = {
      ...{ spoke: 'ad', credentials, expressions, logger, clock: { now: () => 0 }, policy: DEFAULT_POLICY, addresses: addresses() },
      http: { exchange: () => Promise.reject(new Error('no HTTP')), close: async () => {} },
      tokens: { get: () => Promise.reject(new Error('no tokens')), drop() {} },
    };
    const { url, ca } = simulator;
    connection = await activeDirectory.open({ url, ca, baseDn: BASE, accounts, groups: { base: at('Groups') }, ...changes }, context);
  }
  afterEach(async () => {
    await connection.close();
    await simulator.close();
  });
  const send = async (operation: string, data: unknown): Promise<Outcome & { output: unknown }> => {
    const request = {
      deliveryId: 'd',
      messageId: 'm',
      attempt: 1,
      operation,
      input: { data, raw: null },
      traceparent: null,
      timeoutMs: 60_000,
    };
    const outcome = await connection.send(request, new AbortController().signal);
    const body = outcome.response?.body;
    return { ...outcome, output: body === undefined ? undefined : JSON.parse(Buffer.from(body).toString('utf8')) };
  };
  const changesSomething = ({ op }: DirectoryRequest): boolean => op === 'add' || op === 'modify' || op === 'modifyDn';

  describe.each([
    ['lost before it took effect', false],
    ['lost after it took effect', true],
  ])('when the connection is %s', (_when, applied) => {
    it.each([0, 1, 2, 3, 4, 5, 6])('at change %i of a creation, running again completes it without a double', async (step) => {
      await open();
      let seen = 0;
      simulator.fail({ kind: 'reset', when: 'before-answer', applied }, { on: (request) => changesSomething(request) && seen++ === step });
      expect((await send('createAccount', input)).kind).toMatch(/unreachable|ok/);
      simulator.heal();
      expect(await send('createAccount', input)).toMatchObject({ kind: 'ok' });
      expect(simulator.accounts()).toMatchObject([
        { userName: 'anna', enabled: true, groups: ['Sales', 'VPN'], dn: `CN=Anna,${at('Staff')}` },
      ]);
      expect(simulator.account('anna')?.attributes).not.toHaveProperty('adminDescription');
      expect(await send('createAccount', input)).toMatchObject({ kind: 'ok', output: { created: false, existed: true } });
    });

    it.each([0, 1, 2, 3, 4])('at change %i of a departure, running again closes everything', async (step) => {
      await open();
      await send('createAccount', input);
      const before = simulator.account('anna')?.password;
      let seen = 0;
      simulator.fail({ kind: 'reset', when: 'before-answer', applied }, { on: (request) => changesSomething(request) && seen++ === step });
      await send('disableAccount', { employeeId: 'E-1' });
      simulator.heal();
      expect(await send('disableAccount', { employeeId: 'E-1' })).toMatchObject({
        kind: 'ok',
        output: { remaining: { enabled: false, groups: [] } },
      });
      expect(simulator.account('anna')).toMatchObject({ enabled: false, groups: [], dn: `CN=Anna,${at('Leavers')}` });
      expect(simulator.account('anna')?.password).not.toBe(before);
    });
  });

  it('a departure told twice at the same time, and beside a change of groups, closes everything and fails nowhere', async () => {
    await open();
    await send('createAccount', input);
    const told = ['disableAccount', 'syncGroups', 'disableAccount'].map((operation) =>
      send(operation, { employeeId: 'E-1', ...(operation === 'syncGroups' ? { groups: ['Sales'] } : {}) }),
    );
    expect((await Promise.all(told)).map(({ kind, detail }) => [kind, detail])).toEqual([
      ['ok', 'disableAccount done'],
      ['ok', 'syncGroups done'],
      ['ok', 'disableAccount done'],
    ]);
    expect(await send('disableAccount', { employeeId: 'E-1' })).toMatchObject({ output: { remaining: { enabled: false, groups: [] } } });
    expect(simulator.account('anna')).toMatchObject({ enabled: false, groups: [], dn: `CN=Anna,${at('Leavers')}` });
  });

  it('an account moved in the middle of a departure is closed where it is, and the proof has the state of the beginning', async () => {
    await open();
    await send('createAccount', input);
    let moved = false;
    simulator.fail(
      { kind: 'result', code: 32 },
      {
        times: 1,
        on: ({ op }) => {
          if (op !== 'modify' || moved) return false;
          moved = true;
          simulator.directory.modifyDn(`CN=Anna,${at('Staff')}`, 'CN=Anna', at('New'));
          return true;
        },
      },
    );
    const outcome = await send('disableAccount', { employeeId: 'E-1' });
    expect(outcome).toMatchObject({ kind: 'ok', output: { remaining: { enabled: false, groups: [] } } });
    expect(outcome.output).toMatchObject({ closed: expect.arrayContaining([{ what: 'enabled', before: true, after: false }]) });
    expect(outcome.output).toMatchObject({ restore: { place: at('Staff'), enabled: true } });
  });

  it('an account is never enabled before it has a password', async () => {
    await open();
    await send('createAccount', input);
    const changed = simulator.requests().filter(changesSomething);
    const names = changed.map((request) =>
      request.op === 'modify' ? request.changes.map(({ attribute }) => attribute).join() : request.op,
    );
    expect(names).toEqual(['add', 'unicodePwd', 'userAccountControl', 'member', 'member', 'modifyDn', 'adminDescription']);
  });

  it('a message told again after somebody left does not open the account again', async () => {
    await open();
    await send('createAccount', input);
    await send('disableAccount', { employeeId: 'E-1' });
    expect(await send('createAccount', input)).toMatchObject({ output: { existed: true } });
    expect(simulator.account('anna')).toMatchObject({ enabled: false, groups: [] });
  });

  it('no password is in an outcome or a log', async () => {
    await open({}, { password: { mode: 'must-change' } });
    const outcomes = [
      await send('createAccount', { ...input, password: 'Given-2026-x' }),
      await send('createAccount', { ...input, employeeId: 'E-2', userName: 'bob', password: 'weak-given' }),
      await send('disableAccount', { employeeId: 'E-1' }),
    ];
    const made = simulator.account('anna')?.password ?? '';
    expect(made).toHaveLength(32);
    const shown = JSON.stringify([outcomes, logger.lines], (_key, value: unknown) =>
      value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : value,
    );
    for (const secret of [made, 'Given-2026-x', 'weak-given', PASSWORD]) expect(shown).not.toContain(secret);
  });

  it('a group that may not be left does not keep the rest from being closed, and is named', async () => {
    await open();
    await send('createAccount', input);
    simulator.directory.modify(
      `CN=Domain Admins,CN=Users,${BASE}`,
      [{ operation: 'add', attribute: 'member', values: [Buffer.from(`CN=Anna,${at('Staff')}`)] }],
      {
        secure: true,
        user: 'NT AUTHORITY\\SYSTEM',
      },
    );
    expect(await send('disableAccount', { employeeId: 'E-1' })).toMatchObject({
      ...{ kind: 'rejected', status: 50, detail: expect.stringContaining('not closed: groups') },
      output: { remaining: { enabled: false, groups: [`CN=Domain Admins,CN=Users,${BASE}`] } },
    });
    expect(simulator.account('anna')).toMatchObject({ enabled: false, groups: ['Domain Admins'], dn: `CN=Anna,${at('Leavers')}` });
  });

  it.each([
    [{ kind: 'result', code: 53, diagnostic: '0000052D: SvcErr: DSID-031A12D2' } as const, 'policy'],
    [{ kind: 'result', code: 19, diagnostic: '0000052D: AtrErr: DSID-03191083' } as const, 'policy'],
    [{ kind: 'result', code: 50, diagnostic: '00000005: SecErr: DSID-03152870' } as const, 'no right'],
    [{ kind: 'result', code: 53, diagnostic: '0000001F: SvcErr: DSID-031A12D2' } as const, 'encrypted'],
  ])('a refused password says why: %j', async (fault, words) => {
    await open();
    simulator.fail(fault, {
      on: (request) => request.op === 'modify' && request.changes.some(({ attribute }) => attribute === 'unicodePwd'),
    });
    expect(await send('createAccount', input)).toMatchObject({ kind: 'rejected', detail: expect.stringContaining(words) });
    expect(simulator.account('anna')).toMatchObject({ enabled: false, password: null });
  });

  it.each([
    ['52e', 'wrong'],
    ['525', 'does not exist'],
    ['530', 'at this time'],
    ['531', 'from this machine'],
    ['532', 'has expired'],
    ['533', 'disabled'],
    ['701', 'has expired'],
    ['773', 'changed first'],
    ['775', 'locked out'],
  ])('a refused log-on with sub-code %s says why', async (data, words) => {
    await open();
    simulator.fail(
      { kind: 'result', code: 49, diagnostic: `80090308: LdapErr: DSID-0C0903D9, comment: x, data ${data}, v2580` },
      { on: ({ op }) => op === 'bind' },
    );
    expect(await send('findAccount', { employeeId: 'E-1' })).toMatchObject({
      kind: 'rejected',
      status: 49,
      sent: false,
      detail: expect.stringContaining(words),
    });
  });

  it('reads groups with more members than come at once', async () => {
    await open({ valuesMax: 3 });
    for (let n = 0; n < 10; n++)
      await send('createAccount', { employeeId: `E-${n}`, userName: `user${n}`, displayName: `User ${n}`, groups: ['Sales'] });
    const { output } = await send('groupMembers', { group: 'Sales' });
    expect(new Set(Object(output).members).size).toBe(10);
  });

  it('tells everything again, as such, when the domain controller was restored', async () => {
    await open();
    const poll = async (cursor: string | null): Promise<Extract<PollPage, { ok: true }>> => {
      const page = await connection.poll?.('changes', cursor, 100, new AbortController().signal, 'now');
      if (page?.ok !== true) throw new Error('no page');
      return page;
    };
    const first = await poll(null);
    await send('createAccount', { ...input, groups: [] });
    const changed = await poll(first.cursor);
    expect(changed.items).toMatchObject([{ type: 'account.changed', data: { userName: 'anna', resync: false } }]);
    simulator.restoreFromBackup();
    const again = await poll(changed.cursor);
    expect(again.items.map(({ type, data }) => [type, Object(data).resync])).toContainEqual(['account.changed', true]);
    const keys = (page: typeof again): (string | undefined)[] =>
      page.items.filter(({ type }) => type === 'account.changed').map(({ idempotencyKey }) => idempotencyKey);
    expect(keys(again)).not.toEqual(keys(changed));
    expect(await poll(again.cursor)).toMatchObject({ items: [], more: false });
  });

  it('answers a poll that fails with an outcome', async () => {
    await open();
    simulator.fail({ kind: 'result', code: 51 });
    expect(await connection.poll?.('changes', null, 10, new AbortController().signal)).toMatchObject({
      ok: false,
      outcome: { kind: 'throttled', status: 51 },
    });
  });
});

describe('the configuration of an active-directory spoke', () => {
  const problemsOf = (changes: object) =>
    activeDirectory.check({ url: 'ldaps://dc', baseDn: BASE, accounts, ...changes }, credentials, { expressions }).map(({ path }) => path);

  it('is refused where passwords would travel in clear', () => {
    expect(problemsOf({ url: 'ldap://dc', plain: true })).toEqual(['/config/url']);
    expect(problemsOf({ url: 'ldap://dc', plain: true, password: { mode: 'none' } })).toEqual([]);
  });

  it('is refused where names are none, or out of reach', () => {
    expect(problemsOf({ accounts: { container: 'nowhere' }, groups: { managed: ['CN=G,DC=other'] } })).toEqual([
      '/config/accounts/container',
      '/config/groups/managed/0',
    ]);
  });

  it('names the person as the spoke does', () => {
    const operations = activeDirectory.operationsOf({
      url: 'ldaps://dc',
      baseDn: BASE,
      accounts,
      correlation: { field: 'osobniCislo', attribute: 'employeeNumber' },
    });
    expect(operations.find(({ name }) => name === 'disableAccount')?.input).toMatchObject({ required: ['osobniCislo'] });
  });
});
