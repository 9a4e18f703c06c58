/** People come, move and go, and their accounts follow; who is gone can no longer sign in, and the hub has the proof. */
import { kindOf } from '@nave/adapters';
import { type ActiveDirectorySimulator, startActiveDirectorySimulator } from '@nave/adapters/simulators';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openSpoke } from '../directories/open-spoke.ts';
import { at, listAt, textAt } from '../harness/json.ts';
import { samplesOf } from './blueprint-files.ts';
import { type BlueprintHub, blueprintHub } from './blueprint-hub.ts';
import { signHmac } from './sign.ts';

const NAME = 'hr-to-active-directory';
const SECRET = 'hr-secret';
const HEADERS = { signature: 'x-hr-signature', timestamp: 'x-hr-timestamp' };
const GROUPS = ['All Staff', 'Sales', 'Support', 'Finance', 'VPN', 'Managers'];
const CLOSED_WITHIN_MS = 60_000;
let domain: ActiveDirectorySimulator;
let hub: BlueprintHub;

beforeAll(async () => {
  domain = await startActiveDirectorySimulator({ groups: GROUPS, service: { user: 'svc-nave', password: 'Svc-Nave-1234' } });
  hub = await blueprintHub([NAME], {
    ...{ PEOPLE_WEBHOOK_SECRET: SECRET, AD_URL: domain.url.replace('localhost', '127.0.0.1'), AD_CA: domain.ca },
    ...{ AD_BASE_DN: domain.baseDn, AD_UPN_SUFFIX: 'nave.test', AD_USER: domain.bindUser, AD_PASSWORD: 'Svc-Nave-1234' },
  });
});
afterAll(async () => {
  await hub?.close();
  await domain.close();
});

const hired = Object(samplesOf(NAME).find(({ name }) => name === 'hired')?.body);
let events = 0;
const announce = (event: string, employee: object) =>
  hub.hook('people', signHmac(SECRET, HEADERS, { event_id: `hr-${++events}`, event: `employee.${event}`, employee }));
const hire = (number: string, login: string, changes: object = {}) =>
  announce('hired', { ...hired.employee, number, login, email: `${login}@kavarna.example`, ...changes });

/** Whether somebody gets in, or the sub-code of the domain that says why not. */
async function signsIn(userName: string, password: string): Promise<string> {
  const ldap = kindOf('ldap');
  if (ldap === undefined) throw new Error('no kind ldap');
  const connection = { url: domain.url.replace('localhost', '127.0.0.1'), ca: domain.ca, baseDn: domain.baseDn };
  const spoke = await openSpoke(ldap, connection, { type: 'simple', user: `${userName}@nave.test`, password });
  const { outcome } = await spoke.send('exists', { dn: domain.baseDn });
  await spoke.connection.close();
  return outcome.kind === 'ok' ? 'yes' : outcome.detail;
}

describe('somebody who is hired', () => {
  it('has one account, enabled, in the groups of the position; also when HR says it twice', async () => {
    const first = await hire('E-2001', 'tereza.cerna');
    await hub.completed(first.messageId);
    const account = domain.account('tereza.cerna');
    expect(account).toMatchObject({ enabled: true, groups: ['All Staff', 'Sales', 'VPN'] });
    expect(account?.dn).toContain('OU=Staff');
    expect(account?.attributes).toMatchObject({ employeeID: 'E-2001', mail: 'tereza.cerna@kavarna.example', title: 'Account manager' });
    await hub.completed((await hire('E-2001', 'tereza.cerna')).messageId);
    expect(domain.accounts().filter(({ attributes }) => attributes['employeeID'] === 'E-2001')).toHaveLength(1);
  });

  it('has the account although the domain controller went away in the middle', { timeout: 60_000 }, async () => {
    domain.fail({ kind: 'reset', when: 'before-answer' }, { times: 2, on: (request) => request.op === 'modify' });
    await hub.completed((await hire('E-2002', 'otakar.zdarsky', { department: 'Support' })).messageId);
    domain.heal();
    expect(domain.account('otakar.zdarsky')).toMatchObject({ enabled: true, groups: ['All Staff', 'Support', 'VPN'] });
    expect(domain.accounts().filter(({ attributes }) => attributes['employeeID'] === 'E-2002')).toHaveLength(1);
  });
});

describe('somebody who changes position', () => {
  it('is in exactly the groups of the new one, with its title, department and manager', { timeout: 60_000 }, async () => {
    await hub.completed((await hire('E-2003', 'bara.jelinkova')).messageId);
    await hub.completed((await hire('E-2004', 'ota.vedouci')).messageId);
    const move = { number: 'E-2003', department: 'Finance', position: 'Team lead', manager: 'E-2004' };
    const { messageId } = await announce('moved', move);
    await hub.completed(messageId);
    expect(domain.account('bara.jelinkova')?.groups).toEqual(['All Staff', 'Finance', 'Managers']);
    expect(domain.account('bara.jelinkova')?.attributes).toMatchObject({
      ...{ department: 'Finance', title: 'Team lead', manager: domain.account('ota.vedouci')?.dn },
    });
    const report = await hub.output(messageId, 'groups');
    expect(listAt(report, 'removed').map(String).join()).toMatch(/CN=Sales.*CN=VPN|CN=VPN.*CN=Sales/);
  });

  it('into a department nobody thought of waits for a person with the old groups, and does not keep a door open', {
    timeout: 60_000,
  }, async () => {
    await hub.completed((await hire('E-2005', 'petr.novy')).messageId);
    const moved = await announce('moved', { number: 'E-2005', department: 'Robotics', position: 'Team lead' });
    await hub.messageIn(moved.messageId, 'failed');
    expect(domain.account('petr.novy')?.groups).toEqual(['All Staff', 'Sales', 'VPN']);
    const later = await announce('moved', { number: 'E-2005', department: 'Finance', position: 'Accountant' });
    const gone = await announce('left', { number: 'E-2005' });
    await hub.until('the access is off', async () => {
      const deliveries = listAt(await hub.hub.api('GET', `/api/v1/messages/${gone.messageId}`), 'deliveries');
      return deliveries.some((each) => at(each, 'route') === 'left-to-ad-disabled' && at(each, 'state') === 'succeeded');
    });
    expect(domain.account('petr.novy')).toMatchObject({ enabled: false, groups: [] });
    const [held] = listAt(await hub.hub.api('GET', `/api/v1/messages/${later.messageId}`), 'deliveries');
    expect(held).toMatchObject({ state: 'held', heldBy: 'lane' });
    // Somebody gives up the change that failed: what waited behind it runs, and the departure has the last word.
    const [dead] = listAt(await hub.hub.api('GET', `/api/v1/messages/${moved.messageId}`), 'deliveries');
    await hub.hub.api('POST', `/api/v1/deliveries/${textAt(dead, 'id')}/skip`);
    await hub.completed(later.messageId);
    await hub.completed(gone.messageId);
    expect(domain.account('petr.novy')).toMatchObject({ enabled: false, groups: [] });
  });
});

describe('somebody who leaves', () => {
  it('has no access within a minute, with evidence of what was closed, when and on whose word', { timeout: 90_000 }, async () => {
    await hub.completed((await hire('E-2006', 'anna.odchazi')).messageId);
    const password = domain.account('anna.odchazi')?.password ?? '';
    expect(await signsIn('anna.odchazi', password)).toBe('yes');
    // The domain controller is away at the very moment.
    domain.fail({ kind: 'reset', when: 'before-answer' }, { times: 3 });
    const toldMs = Date.now();
    const { messageId } = await announce('left', { number: 'E-2006' });
    const message = await hub.completed(messageId);
    expect(Date.now() - toldMs).toBeLessThan(CLOSED_WITHIN_MS);

    // The door: the password of yesterday, and the new one that nobody knows, are both refused.
    expect(await signsIn('anna.odchazi', password)).toContain('52e');
    expect(await signsIn('anna.odchazi', domain.account('anna.odchazi')?.password ?? '')).toContain('533');
    const account = domain.account('anna.odchazi');
    expect(account).toMatchObject({ enabled: false, groups: [] });
    expect(account?.dn).toContain('OU=Leavers');

    // The evidence: who said it (verified), every attempt with its time, what the directory had before and after.
    expect(message).toMatchObject({ source: 'people', type: 'employee.left', state: 'completed', orderingKey: 'E-2006' });
    const deliveries = listAt(message, 'deliveries');
    for (const delivery of deliveries) expect(delivery).toMatchObject({ operation: 'disableAccount', state: 'succeeded' });
    const attempts = deliveries.flatMap((delivery) => listAt(delivery, 'attempts'));
    expect(attempts.length).toBeGreaterThan(deliveries.length);
    // At once and behind what was still under way: whichever came first found the door open and says so, the other that it was closed.
    const proofs = await Promise.all(['disable', 'close'].map((step) => hub.output(messageId, step)));
    for (const each of proofs) expect(each).toMatchObject({ userName: 'anna.odchazi', remaining: { enabled: false, groups: [] } });
    expect(proofs.flatMap((each) => listAt(each, 'closed'))).toEqual(
      expect.arrayContaining([
        { what: 'enabled', before: true, after: false },
        { what: 'password', before: 'as it was', after: 'random, known to nobody' },
        expect.objectContaining({ what: 'group', name: expect.stringContaining('CN=VPN'), before: true, after: false }),
        expect.objectContaining({ what: 'place', after: expect.stringContaining('OU=Leavers') }),
      ]),
    );
    const proof = proofs[0];
    const provedMs = Date.parse(textAt(proof, 'provedAt'));
    expect(provedMs - Date.parse(textAt(message, 'receivedAt'))).toBeLessThan(CLOSED_WITHIN_MS);

    // The record itself: looking at it is recorded, and nothing in it was altered.
    const looked = listAt(await hub.hub.api('GET', `/api/v1/audit?subject=message:${messageId}`), 'items');
    expect(looked.map((entry) => at(entry, 'action'))).toContain('payload.reveal');
    expect(await hub.hub.api('GET', '/api/v1/audit/verify')).toMatchObject({ ok: true });
    expect(JSON.stringify([message, proof])).not.toContain(password);
  });

  it('who is not known to the domain is told as dead, not as done', async () => {
    const { messageId } = await announce('left', { number: 'E-9999' });
    const [delivery] = listAt(await hub.messageIn(messageId, 'failed'), 'deliveries');
    expect(delivery).toMatchObject({ state: 'dead', reason: 'rejected' });
  });

  it('on the word of somebody without the secret stays', async () => {
    await hub.completed((await hire('E-2007', 'zustava')).messageId);
    const { headers, body } = signHmac('guessed', HEADERS, { event_id: 'x', event: 'employee.left', employee: { number: 'E-2007' } });
    expect((await hub.post('/hooks/people', body, { 'content-type': 'application/json', ...headers })).status).toBe(401);
    expect(domain.account('zustava')).toMatchObject({ enabled: true });
  });
});
