import { createAlertStore, createMessageStore } from '@nave/store';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildAlerts } from '../../../alerts/build-alerts.ts';
import type { PlannedNotification } from '../../../alerts/plan-notifications.ts';
import { alertOf } from '../../../alerts/test-rule.ts';
import { type AdminFixture, adminFixture } from '../admin-fixture.ts';

let hub: AdminFixture;
beforeAll(async () => {
  hub = await adminFixture();
  await hub.call('PUT', 'spokes/shop', { body: { kind: 'source' } });
  const webhook = { kind: 'webhook', config: { url: 'http://127.0.0.1:9001/in' }, credentials: { type: 'none' } };
  for (const name of ['ops', 'mail']) await hub.call('PUT', `spokes/${name}`, { body: webhook });
  const operations = { one: { method: 'POST', path: '/one' }, two: { method: 'POST', path: '/two' } };
  await hub.call('PUT', 'spokes/erp', { body: { kind: 'rest', config: { baseUrl: 'http://127.0.0.1:9001', operations } } });
});
afterAll(() => hub.close());

const rule = { when: { condition: 'dead' }, notify: [{ to: 'ops' }] };

describe('alert rules', () => {
  it('are built in, on, and tell nobody', async () => {
    const { body } = await hub.call('GET', 'alerts');
    expect(body.items.map(({ name }: { name: string }) => name)).toEqual([
      'backlog',
      'breaker',
      'dead',
      'ledger',
      'parked',
      'retention',
      'retry-budget',
      'sign-ins',
      'unknown',
    ]);
    for (const { enabled, notify, version } of body.items)
      expect({ enabled, notify, version }).toEqual({ enabled: true, notify: [], version: 1 });
  });

  it('that are built in can be put back as they are read', async () => {
    const { body } = await hub.call('GET', 'alerts');
    for (const item of body.items)
      expect(await hub.call('PUT', `alerts/${item.name}`, { body: item })).toMatchObject({ status: 200, body: { version: 1 } });
  });

  it('are made, completed, replaced, patched and deleted', async () => {
    const made = await hub.call('POST', 'alerts', { body: { name: 'crud', ...rule } });
    expect(made).toMatchObject({ status: 201, headers: { etag: '"1"', location: '/api/v1/alerts/crud' } });
    expect(made.body).toMatchObject({
      ...{
        name: 'crud',
        when: { condition: 'dead', count: 1, window: null },
        spokes: ['*'],
        for: '0s',
        severity: 'warning',
        groupBy: 'spoke',
      },
      ...{
        notify: [{ to: 'ops', operation: null, after: '0s', severity: null }],
        repeat: '4h',
        quiet: [],
        quietCritical: false,
        enabled: true,
      },
    });
    expect((await hub.call('POST', 'alerts', { body: { name: 'crud', ...rule } })).body.code).toBe('resource.exists');
    expect((await hub.call('PATCH', 'alerts/crud', { body: { repeat: null, severity: 'critical' } })).body).toMatchObject({
      ...{ version: 2, repeat: null, severity: 'critical' },
    });
    expect((await hub.call('PATCH', 'alerts/crud', { body: { severity: null } })).body).toMatchObject({
      version: 3,
      severity: 'warning',
      repeat: null,
    });
    expect((await hub.call('PATCH', 'alerts/crud', { body: { when: { condition: 'backlog', olderThan: '1h' } } })).body.when).toEqual({
      ...{ condition: 'backlog', olderThan: '1h' },
    });
    expect((await hub.call('PUT', 'alerts/crud', { body: rule, headers: { 'if-match': '"1"' } })).status).toBe(412);
    expect((await hub.call('DELETE', 'alerts/crud', { headers: { 'if-match': '"4"' } })).status).toBe(204);
    expect((await hub.call('GET', 'alerts/crud')).status).toBe(404);
    const audit = await hub.call('GET', 'audit?subject=alert:crud');
    expect(audit.body.items.map(({ action }: { action: string }) => action)).toEqual([
      ...['alert.delete', 'alert.update', 'alert.update', 'alert.update', 'alert.create'],
    ]);
  });

  it.each([
    ['unknown condition', { when: { condition: 'sunshine' } }, '/when'],
    ['parameter of another condition', { when: { condition: 'breaker', count: 1 } }, '/when'],
    ['count of nothing', { when: { condition: 'dead', count: 0 } }, '/when'],
    ['window too long', { when: { condition: 'signIns', window: '30d' } }, '/when/window'],
    ['no condition', { when: undefined }, '/when'],
    ['unknown channel', { notify: [{ to: 'nowhere' }] }, '/notify/0/to'],
    ['channel that only sends', { notify: [{ to: 'shop' }] }, '/notify/0/to'],
    ['missing operation', { notify: [{ to: 'erp' }] }, '/notify/0/operation'],
    ['unknown operation', { notify: [{ to: 'ops', operation: 'shout' }] }, '/notify/0/operation'],
    ['the same place twice', { notify: [{ to: 'ops' }, { to: 'ops' }] }, '/notify/1'],
    ['unknown spoke to watch', { spokes: ['nowhere'] }, '/spokes/0'],
    ['bad pattern', { spokes: ['UPPER'] }, '/spokes/0'],
    ['severity', { severity: 'terrible' }, '/severity'],
    ['repeat too short', { repeat: '1s' }, '/repeat'],
    ['time of day', { quiet: [{ from: '25:00', to: '06:00' }] }, '/quiet/0/from'],
    ['time zone', { quiet: [{ from: '22:00', to: '06:00', timezone: 'Mars/Phobos' }] }, '/quiet/0/timezone'],
    ['day', { quiet: [{ days: ['noday'], from: '22:00', to: '06:00' }] }, '/quiet/0/days/0'],
    ['unknown field', { x: 1 }, '/x'],
    ['another name', { name: 'other' }, '/name'],
  ])('refuse %s with a pointer', async (_name, change, path) => {
    const { body } = await hub.call('PUT', 'alerts/bad', { body: { ...rule, ...change } });
    expect(body).toMatchObject({ status: 422, code: 'request.invalid' });
    expect(body.errors.some((error: { path: string }) => error.path.startsWith(path))).toBe(true);
    expect((await hub.call('GET', 'alerts/bad')).status).toBe(404);
  });

  it('cannot take the names of what lies beside them, nor spokes and routes those of the hub', async () => {
    for (const name of ['firing', 'history']) expect((await hub.call('PUT', `alerts/${name}`, { body: rule })).status).toBe(405);
    for (const name of ['firing', 'history'])
      expect((await hub.call('POST', 'alerts', { body: { name, ...rule } })).body.errors).toMatchObject([{ path: '/name' }]);
    expect((await hub.call('PUT', 'spokes/nave', { body: { kind: 'source' } })).body.errors).toMatchObject([{ path: '/name' }]);
    const route = { from: { spoke: 'shop', type: '**' }, steps: [{ name: 'a', to: 'ops' }] };
    expect((await hub.call('PUT', 'routes/nave.alerts', { body: route })).body.errors).toMatchObject([{ path: '/name' }]);
  });

  it('keep the spokes they name from being deleted', async () => {
    await hub.call('PUT', 'alerts/keeps', { body: { ...rule, spokes: ['erp'], notify: [{ to: 'mail' }] } });
    for (const spoke of ['mail', 'erp'])
      expect((await hub.call('DELETE', `spokes/${spoke}`)).body).toMatchObject({ status: 409, code: 'resource.referenced' });
    await hub.call('DELETE', 'alerts/keeps');
    expect((await hub.call('DELETE', 'spokes/mail')).status).toBe(204);
  });
});

describe('nave.yaml', () => {
  it('leaves the rules alone without a section, and prunes them with one', async () => {
    const { spokes, routes } = (await hub.call('GET', 'config')).body;
    const pruned = async (body: object) =>
      (await hub.call('POST', 'config/diff?prune=true', { body })).body.items
        .filter(({ resource, action }: { resource: string; action: string }) => resource === 'alert' && action !== 'same')
        .map(({ action, name }: { action: string; name: string }) => `${action} ${name}`);
    expect(await pruned({ spokes, routes })).toEqual([]);
    expect(await pruned({ spokes, routes, alerts: { dead: { when: { condition: 'dead', count: 3 } }, mine: rule } })).toEqual(
      expect.arrayContaining(['update dead', 'create mine', 'delete backlog']),
    );
    const dangling = await hub.call('PUT', 'config', { body: { alerts: { mine: { ...rule, notify: [{ to: 'gone' }] } } } });
    expect(dangling.body.errors).toMatchObject([{ path: '/alerts/mine/notify/0/to' }]);
    const applied = await hub.call('PUT', 'config', { body: { alerts: { mine: rule } } });
    expect(applied.body.items).toMatchObject([{ action: 'create', resource: 'alert', name: 'mine' }]);
    const state = (await hub.call('GET', 'config')).body;
    expect(state.alerts.mine).toMatchObject({ notify: [{ to: 'ops' }] });
    const again = await hub.call('PUT', 'config?prune=true', { body: state });
    expect(again.body.items.every(({ action }: { action: string }) => action === 'same')).toBe(true);
  });
});

describe('what fires', () => {
  const open = async (subject: string, name = 'dead') => {
    const id = hub.deps.ids.next(hub.deps.clock.now());
    await createAlertStore(hub.db).apply(
      {
        opens: [{ id, rule: name, subject, groupKey: subject, severity: 'warning', summary: 'bad', detail: { count: 1 } }],
        updates: [],
        resolves: [],
      },
      hub.deps.clock.now(),
    );
    return id;
  };

  it('is listed, once for each rule and subject, acknowledged once, and kept in the history', async () => {
    const id = await open('spoke:erp');
    await open('spoke:erp');
    const other = await open('hub', 'sign-ins');
    const firing = await hub.call('GET', 'alerts/firing?limit=1');
    expect(firing.body.items).toMatchObject([{ id: other, spoke: null, rule: 'sign-ins' }]);
    const next = await hub.call('GET', `alerts/firing?limit=1&cursor=${firing.body.nextCursor}`);
    expect(next.body).toMatchObject({
      ...{ items: [{ id, rule: 'dead', subject: 'spoke:erp', spoke: 'erp', state: 'firing', acknowledgedAt: null }], nextCursor: null },
    });
    const acknowledged = await hub.call('POST', `alerts/firing/${id}/acknowledge`);
    expect(acknowledged.body).toMatchObject({ id, acknowledgedBy: 'key:bootstrap' });
    hub.pass(1_000);
    expect((await hub.call('POST', `alerts/firing/${id}/acknowledge`)).body.acknowledgedAt).toBe(acknowledged.body.acknowledgedAt);
    expect((await hub.call('GET', `audit?subject=alert:${id}`)).body.items).toHaveLength(1);
    await createAlertStore(hub.db).apply({ opens: [], updates: [], resolves: [id] }, hub.deps.clock.now());
    expect((await hub.call('POST', `alerts/firing/${id}/acknowledge`)).status).toBe(409);
    expect((await hub.call('GET', 'alerts/firing')).body.items).toMatchObject([{ id: other }]);
    expect((await hub.call('GET', 'alerts/history?rule=dead')).body.items).toMatchObject([{ id, state: 'resolved' }]);
    const later = new Date(hub.deps.clock.now() + 1_000).toISOString();
    expect((await hub.call('GET', `alerts/history?from=${later}`)).body.items).toEqual([]);
    expect((await hub.call('GET', `alerts/history?to=${later}`)).body.items).toHaveLength(2);
  });

  it('answers bad ids, cursors and moments as every list does', async () => {
    const { body } = await hub.call('GET', 'alerts?limit=1');
    for (const [method, url, status] of [
      ['POST', 'alerts/firing/x/acknowledge', 400],
      ['POST', 'alerts/firing/01890000-0000-7000-8000-000000000000/acknowledge', 404],
      ['GET', `alerts/firing?cursor=${body.nextCursor}`, 400],
      ['GET', 'alerts/firing?cursor=zzz', 400],
      ['GET', 'alerts/history?from=yesterday', 400],
      ['GET', 'alerts/history?limit=0', 400],
      ['GET', 'alerts/nothing', 404],
      ['PATCH', 'alerts/nothing', 404],
    ] as const)
      expect([url, (await hub.call(method, url, method === 'PATCH' ? { body: {} } : {})).status]).toEqual([url, status]);
  });
});

describe('a test of a rule', () => {
  it('is refused where nobody is told or the channel is unknown, and else is a message of the hub itself', async () => {
    expect((await hub.call('POST', 'alerts/dead/test')).status).toBe(409);
    expect((await hub.call('POST', 'alerts/nothing/test')).status).toBe(404);
    await hub.call('PUT', 'alerts/tested', { body: { ...rule, notify: [{ to: 'ops' }, { to: 'ops', after: '5m' }] } });
    const { deps } = hub;
    const spoke = { operation: () => ({ name: 'send', title: '', input: {}, idempotent: 'key' as const }) };
    const registry: Parameters<typeof buildAlerts>[0]['registry'] = {
      // biome-ignore lint/suspicious/noExplicitAny: only the operation is asked for.
      spoke: (name): any => (name === 'ops' ? spoke : null),
    };
    const alerts = buildAlerts({ ...deps, registry, messages: createMessageStore(hub.db.hot) });
    deps.alerts.notifier = alerts.notifier;
    const sent = await hub.call('POST', 'alerts/tested/test');
    expect(sent).toMatchObject({ status: 202, body: { items: [{ to: 'ops', operation: 'send' }] } });
    const id = sent.body.items[0].messageId;
    const message = await hub.call('GET', `messages/${id}`);
    expect(message.body).toMatchObject({
      ...{ source: 'nave', type: 'alert.test', state: 'accepted' },
      deliveries: [{ route: 'nave.alerts', step: 'notify', spoke: 'ops', operation: 'send', state: 'pending' }],
    });
    const payload = await hub.call('GET', `messages/${id}/payload`);
    expect(payload.text).toContain('A test of the alert rule tested');
    // The same news told again (by a process that did not live to remember) is one message.
    const told: PlannedNotification = {
      ...({ to: 'ops', operation: null, state: 'firing', severity: 'warning', alerts: [alertOf(id)] } as const),
      tells: [{ alertId: id, target: 'ops##0', count: 1 }],
    };
    const first = await alerts.notifier.send(told);
    expect(await alerts.notifier.send(told)).toEqual(first);
    expect((await alerts.notifier.send({ ...told, tells: [{ alertId: id, target: 'ops##0', count: 2 }] }))?.messageId).not.toBe(
      first?.messageId,
    );
    expect(await alerts.notifier.send({ ...told, to: 'nowhere' })).toBeNull();
  });
});
