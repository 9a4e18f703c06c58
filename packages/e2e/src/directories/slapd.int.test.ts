/** Kind `ldap` against OpenLDAP. */
import { kindOf } from '@nave/adapters';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withProgram } from '../harness/requirement.ts';
import { SLAPD_INSTALL, type SlapdServer, slapdInstalled, startSlapd } from '../harness/slapd-server.ts';
import { type OpenSpoke, openSpoke } from './open-spoke.ts';

withProgram('slapd', { installed: slapdInstalled(), install: SLAPD_INSTALL }, 'kind ldap against OpenLDAP', () => {
  let server: SlapdServer;
  let spoke: OpenSpoke;
  const BASE = 'dc=example,dc=test';
  const PEOPLE = `ou=people,${BASE}`;
  const ANNA = `uid=anna,${PEOPLE}`;
  const TEAM = `cn=team,ou=groups,${BASE}`;
  const person = (uid: string, cn: string, more: object = {}) => ({ objectClass: ['inetOrgPerson'], uid, cn, sn: cn, ...more });

  const ok = async (operation: string, data: unknown): Promise<unknown> => {
    const { outcome, output } = await spoke.send(operation, data);
    expect(outcome).toMatchObject({ kind: 'ok', status: 0 });
    return output;
  };
  const refused = async (operation: string, data: unknown) => (await spoke.send(operation, data)).outcome;

  const open = (changes: object = {}, credentials: object = {}): Promise<OpenSpoke> => {
    const ldap = kindOf('ldap');
    if (ldap === undefined) throw new Error('no kind ldap');
    const given = { type: 'simple', user: server.admin, password: server.password, ...credentials };
    return openSpoke(ldap, { url: server.ldapsUrl, ca: server.ca, baseDn: BASE, ...changes }, given);
  };

  beforeAll(async () => {
    server = await startSlapd();
    spoke = await open();
    await ok('upsert', { dn: BASE, attributes: { objectClass: ['dcObject', 'organization'], o: 'Example' } });
    for (const ou of ['people', 'groups', 'leavers'])
      await ok('upsert', { dn: `ou=${ou},${BASE}`, attributes: { objectClass: 'organizationalUnit' } });
    await ok('upsert', { dn: ANNA, attributes: person('anna', 'Anna') });
    await ok('upsert', { dn: TEAM, attributes: { objectClass: 'groupOfNames' }, onCreate: { member: ANNA } });
  });
  afterAll(async () => {
    await spoke?.connection.close();
    await server?.stop();
  });

  it('adds once, and says what is there already', async () => {
    const dn = `uid=once,${PEOPLE}`;
    expect(await ok('exists', { dn, attributes: {} })).toBeNull();
    expect(await ok('add', { dn, attributes: person('once', 'Once') })).toEqual({ dn });
    expect(await refused('add', { dn, attributes: person('once', 'Once') })).toMatchObject({ kind: 'rejected', status: 68 });
    expect(await ok('exists', { dn, attributes: {} })).toEqual({ dn });
    expect(await ok('delete', { dn })).toMatchObject({ deleted: true });
    expect(await ok('delete', { dn })).toMatchObject({ deleted: false });
  });

  it('creates, updates, and leaves alone what is so already', async () => {
    const input = {
      dn: `uid=up,${PEOPLE}`,
      attributes: person('up', 'Up', { mail: ['a@x.test', 'b@x.test'] }),
      onCreate: { description: 'new' },
    };
    expect(await ok('upsert', input)).toMatchObject({ created: true });
    expect(await ok('upsert', input)).toEqual({ dn: input.dn, created: false, changed: [] });
    const changed = { ...input, attributes: { ...input.attributes, mail: 'b@x.test', sn: 'Novák, "Jan" #1' } };
    expect(await ok('upsert', changed)).toMatchObject({ changed: ['sn', 'mail'] });
    expect(await ok('read', { dn: input.dn })).toMatchObject({ mail: 'b@x.test', sn: 'Novák, "Jan" #1', description: 'new' });
    expect(await ok('upsert', { ...changed, attributes: { mail: null } })).toMatchObject({ changed: ['mail'] });
    expect(await ok('read', { dn: input.dn, attributes: ['mail'] })).toEqual({ dn: input.dn });
  });

  it('finds an entry by what is unique, wherever it is', async () => {
    const attributes = person('moved', 'Moved', { employeeNumber: '77' });
    await ok('upsert', { dn: `uid=moved,${PEOPLE}`, attributes });
    await ok('move', { dn: `uid=moved,${PEOPLE}`, newParent: `ou=leavers,${BASE}` });
    const again = { dn: `uid=moved,${PEOPLE}`, match: { employeeNumber: '77' }, attributes: { title: 'Gone' } };
    expect(await ok('upsert', again)).toEqual({ dn: `uid=moved,ou=leavers,${BASE}`, created: false, changed: ['title'] });
  });

  it('takes a repeated rename and move for done', async () => {
    await ok('upsert', { dn: `uid=old,${PEOPLE}`, attributes: person('old', 'Old') });
    const rename = { dn: `uid=old,${PEOPLE}`, newRdn: 'uid=new\\, er' };
    expect(await ok('rename', rename)).toMatchObject({ moved: true });
    expect(await ok('rename', rename)).toMatchObject({ moved: false });
    const move = { dn: `uid=new\\2c er,${PEOPLE}`, newParent: `ou=leavers,${BASE}` };
    expect(await ok('move', move)).toMatchObject({ moved: true });
    expect(await ok('move', move)).toMatchObject({ moved: false });
    expect(await refused('move', { ...move, dn: `uid=nobody,${PEOPLE}` })).toMatchObject({ kind: 'rejected', status: 32 });
  });

  it('changes attributes all at once, and takes a repeat for done', async () => {
    const dn = `uid=mod,${PEOPLE}`;
    await ok('upsert', { dn, attributes: person('mod', 'Mod', { mail: 'a@x.test' }) });
    const changes = [
      { operation: 'add', attribute: 'mail', values: 'b@x.test' },
      { operation: 'delete', attribute: 'mail', values: 'a@x.test' },
    ];
    expect(await ok('modify', { dn, changes })).toMatchObject({ changed: true });
    expect(await ok('modify', { dn, changes })).toMatchObject({ changed: false });
    const half = [{ operation: 'add', attribute: 'mail', values: ['b@x.test', 'c@x.test'] }];
    expect(await refused('modify', { dn, changes: half })).toMatchObject({ kind: 'rejected', status: 20 });
  });

  it('adds members and removes them, as often as told', async () => {
    const bob = `uid=b\\2b\\"o\\"\\,b,${PEOPLE}`;
    await ok('upsert', { dn: bob, attributes: person('b+"o",b', 'Bob') });
    expect(await ok('addToGroup', { group: TEAM, member: bob })).toMatchObject({ changed: true });
    expect(await ok('addToGroup', { group: TEAM, member: bob })).toMatchObject({ changed: false });
    expect(await ok('removeFromGroup', { group: TEAM, member: bob })).toMatchObject({ changed: true });
    expect(await ok('removeFromGroup', { group: TEAM, member: bob })).toMatchObject({ changed: false });
    // The last member of a groupOfNames has to stay.
    expect(await refused('removeFromGroup', { group: TEAM, member: ANNA })).toMatchObject({ kind: 'rejected', status: 65 });
  });

  it('sets a password that then opens the door', async () => {
    await ok('setPassword', { dn: ANNA, password: 'heslo-Ž-1' });
    const anna = await open({}, { user: ANNA, password: 'heslo-Ž-1' });
    expect((await anna.connection.probe(new AbortController().signal)).checks.find(({ name }) => name === 'credentials')).toMatchObject({
      ok: true,
    });
    await anna.connection.close();
    const wrong = await open({}, { user: ANNA, password: 'other' });
    expect((await wrong.send('exists', { dn: ANNA })).outcome).toMatchObject({ kind: 'rejected', status: 49, sent: false });
    await wrong.connection.close();
  });

  it('compares, and reads no password back', async () => {
    expect(await ok('compare', { dn: ANNA, attribute: 'sn', value: 'Anna' })).toEqual({ matched: true });
    expect(await ok('compare', { dn: ANNA, attribute: 'sn', value: 'Eva' })).toEqual({ matched: false });
    expect(await ok('read', { dn: ANNA, attributes: ['userPassword', 'sn'] })).toEqual({ dn: ANNA, sn: 'Anna' });
  });

  it('searches page by page, within the limit, with values that stay values', async () => {
    for (let n = 0; n < 25; n++) await ok('upsert', { dn: `uid=s${n},${PEOPLE}`, attributes: person(`s${n}`, `S (${n})*`) });
    const all = await ok('search', { filter: '(&(objectClass=inetOrgPerson)(uid=s*))', attributes: ['uid'], pageSize: 7 });
    expect(all).toMatchObject({ truncated: false, entries: { length: 25 } });
    const some = await ok('search', { filter: '(uid=s*)', attributes: ['uid'], pageSize: 7, limit: 10 });
    expect(some).toMatchObject({ truncated: true, entries: { length: 10 } });
    expect(await ok('search', { filter: '(cn={name})', values: { name: 'S (3)*' }, attributes: ['uid'] })).toMatchObject({
      entries: [{ uid: 's3' }],
    });
    expect(await ok('search', { filter: '(cn={name})', values: { name: '*' } })).toMatchObject({ entries: [] });
    expect(await refused('search', { filter: '(cn=' })).toMatchObject({ kind: 'invalid', sent: false });
  });

  it('carries bytes as base64', async () => {
    const dn = `uid=photo,${PEOPLE}`;
    const photo = Buffer.from([0xff, 0xd8, 0x00, 0x01, 0xfe]).toString('base64');
    await ok('upsert', { dn, attributes: person('photo', 'Photo', { jpegPhoto: { base64: photo } }) });
    expect(await ok('read', { dn, attributes: ['jpegPhoto'] })).toEqual({ dn, jpegPhoto: photo });
  });

  it('tells which attribute was wrong, and no value', async () => {
    const outcome = await refused('upsert', { dn: `uid=bad,${PEOPLE}`, attributes: { ...person('bad', 'Bad'), shoeSize: 'PERSONAL-42' } });
    expect(outcome).toMatchObject({ kind: 'rejected', status: 17, detail: expect.stringContaining('shoeSize') });
    expect(outcome.detail).not.toContain('PERSONAL');
    expect(await refused('add', { dn: `uid=x,ou=nowhere,${BASE}`, attributes: person('x', 'X') })).toMatchObject({
      kind: 'rejected',
      status: 32,
    });
  });

  describe('StartTLS', () => {
    it('encrypts, and checks the name', async () => {
      const tls = await open({ url: server.url, startTls: true });
      expect((await tls.send('exists', { dn: ANNA })).outcome).toMatchObject({ kind: 'ok' });
      await tls.connection.close();
      const other = await open({ url: server.url, startTls: true, serverName: 'other.test' });
      expect((await other.send('exists', { dn: ANNA })).outcome).toMatchObject({
        kind: 'unreachable',
        sent: false,
        detail: expect.stringContaining('TLS'),
      });
      await other.connection.close();
    });
  });
});
