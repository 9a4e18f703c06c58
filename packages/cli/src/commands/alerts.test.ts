import { describe, expect, it } from 'vitest';
import { nave, page } from '../fake-io.ts';

const id = '01890000-0000-7000-8000-000000000000';
const alert = {
  ...{
    id,
    rule: 'dead',
    subject: 'spoke:erp',
    spoke: 'erp',
    severity: 'warning',
    state: 'firing',
    summary: '2 deliveries to erp are dead',
  },
  ...{ since: '2026-11-21T09:00:00Z', resolvedAt: null, acknowledgedAt: null, acknowledgedBy: null, detail: { count: 2 } },
};

describe('alerts', () => {
  it('show what fires, or that nothing does', async () => {
    const list = (...items: object[]) => nave('alerts', { hub: { 'GET /api/v1/alerts/firing?limit=200': page(...items) } });
    expect((await list(alert)).out).toContain(`${id}  warning   dead  2026-11-21 09:00:00Z  60m  firing  2 deliveries to erp are dead`);
    expect((await list()).out).toBe('nothing fires\n');
  });

  it('show what fired, by rule and time', async () => {
    const hub = { 'GET /api/v1/alerts/history?rule=dead&from=2026-11-20T10:00:00.000Z&limit=200': page({ ...alert, state: 'resolved' }) };
    expect((await nave('alerts history --rule dead --since 1d', { hub })).out).toContain('resolved');
  });

  it('are acknowledged by id', async () => {
    const hub = { [`POST /api/v1/alerts/firing/${id}/acknowledge`]: { body: alert } };
    expect(await nave(`alerts ack ${id}`, { hub })).toMatchObject({ code: 0, out: 'dead of spoke:erp is acknowledged\n' });
    expect(await nave('alerts ack that', { hub })).toMatchObject({ code: 2, calls: [] });
  });

  it('have rules, which are tested', async () => {
    const rule = { name: 'dead', when: { condition: 'dead' }, spokes: ['*'], severity: 'warning', notify: [{ to: 'ops' }], enabled: true };
    expect((await nave('alerts rules', { hub: { 'GET /api/v1/alerts?limit=200': page(rule) } })).out).toBe(
      'RULE  CONDITION  SPOKES  SEVERITY  TELLS  STATE\ndead  dead       *       warning   ops    on\n',
    );
    const hub = { 'POST /api/v1/alerts/dead/test': { status: 202, body: { items: [{ to: 'ops', operation: 'send', messageId: id }] } } };
    expect((await nave('alerts test dead', { hub })).out).toBe(`ops  message ${id}\n`);
    expect((await nave('alerts nonsense', { hub })).code).toBe(2);
  });
});
