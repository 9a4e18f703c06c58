import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AlertRuleDefinition } from './alert-rule.ts';
import type { AlertState } from './alert-state.ts';
import { planNotifications } from './plan-notifications.ts';
import { alertOf, ruleOf } from './test-rule.ts';

const MINUTE = 60_000;
const START = Date.parse('2026-11-20T12:00:00Z');
const plan = (alerts: readonly AlertState[], rules: readonly AlertRuleDefinition[], nowMs: number, budget = 100) =>
  planNotifications(alerts, new Map(rules.map((rule) => [rule.name, rule])), () => budget, nowMs);
const opened = (id: string, fields: Partial<AlertState> = {}) => alertOf(id, { openedAtMs: START, ...fields });

/** The alert after everything that is planned was told. */
function told(alert: AlertState, rule: AlertRuleDefinition, nowMs: number): { alert: AlertState; sent: string[] } {
  const sent: string[] = [];
  const after = { ...alert.told };
  for (const { state, to, tells } of plan([alert], [rule], nowMs).notifications) {
    sent.push(`${state} ${to}`);
    for (const { target, count } of tells)
      after[target] =
        state === 'firing' ? { count, lastAt: nowMs, resolvedAt: null } : { count, lastAt: after[target]?.lastAt ?? 0, resolvedAt: nowMs };
  }
  return { alert: { ...alert, told: after }, sent };
}

/** What is sent over time, looked at every minute; `resolveAt` in minutes. */
function story(rule: AlertRuleDefinition, minutes: number, options: { resolveAt?: number; acknowledgeAt?: number; from?: number } = {}) {
  const from = options.from ?? START;
  let alert = opened('a', { openedAtMs: from });
  const events: string[] = [];
  for (let n = 0; n <= minutes; n++) {
    if (n === options.resolveAt) alert = { ...alert, state: 'resolved', resolvedAtMs: from + n * MINUTE };
    if (n === options.acknowledgeAt) alert = { ...alert, acknowledged: true };
    const step = told(alert, rule, from + n * MINUTE);
    alert = step.alert;
    events.push(...step.sent.map((text) => `${n} ${text}`));
  }
  return { events, settled: plan([alert], [rule], from + minutes * MINUTE).settled };
}

describe('notifications', () => {
  it('are one when it opens and one when it resolves; then the matter is settled', () => {
    expect(story(ruleOf({ repeat: null }), 600, { resolveAt: 100 })).toEqual({
      events: ['0 firing ops', '100 resolved ops'],
      settled: ['a'],
    });
  });

  it('repeat while it fires, until somebody acknowledges', () => {
    const rule = ruleOf({ repeat: '1h' });
    expect(story(rule, 200).events).toEqual(['0 firing ops', '60 firing ops', '120 firing ops', '180 firing ops']);
    expect(story(rule, 200, { acknowledgeAt: 70 }).events).toEqual(['0 firing ops', '60 firing ops']);
  });

  it('escalate only to those whose time has come, and never after an acknowledgement', () => {
    const rule = ruleOf({ repeat: null, notify: [{ to: 'ops' }, { to: 'pager', after: '15m', severity: 'critical' }] });
    expect(story(rule, 60).events).toEqual(['0 firing ops', '15 firing pager']);
    expect(story(rule, 60, { acknowledgeAt: 14 }).events).toEqual(['0 firing ops']);
    expect(story(rule, 60, { resolveAt: 10 }).events).toEqual(['0 firing ops', '10 resolved ops']);
    expect(story(rule, 60, { resolveAt: 20 }).events).toEqual(['0 firing ops', '15 firing pager', '20 resolved ops', '20 resolved pager']);
  });

  it('wait in quiet times unless they are critical, and are never sent for what came and went in them', () => {
    const quiet = [{ from: '22:00', to: '06:00', timezone: 'UTC' }];
    const evening = Date.parse('2026-11-20T23:00:00Z');
    const night = (input: Parameters<typeof ruleOf>[0], resolveAt?: number) =>
      story(ruleOf({ repeat: null, quiet, ...input }), 500, { from: evening, ...(resolveAt === undefined ? {} : { resolveAt }) });
    expect(night({}).events).toEqual(['420 firing ops']);
    expect(night({}, 100)).toEqual({ events: [], settled: ['a'] });
    const critical = { notify: [{ to: 'pager', severity: 'critical' as const }] };
    expect(night(critical).events).toEqual(['0 firing pager']);
    expect(night({ ...critical, quietCritical: true }).events).toEqual(['420 firing pager']);
  });

  it('tell the end after the quiet time of what was told before it', () => {
    const rule = ruleOf({ repeat: null, quiet: [{ from: '22:00', to: '06:00', timezone: 'UTC' }] });
    const evening = Date.parse('2026-11-20T21:00:00Z');
    expect(story(rule, 600, { from: evening, resolveAt: 120 })).toEqual({ events: ['0 firing ops', '540 resolved ops'], settled: ['a'] });
  });

  it('about one spoke go together whatever rules found it; by rule, all spokes do', () => {
    const rules = [ruleOf(), ruleOf({ when: { condition: 'breaker' }, severity: 'critical' }, 'breaker')];
    const alerts = [
      opened('a'),
      opened('b', { rule: 'breaker', severity: 'critical' }),
      opened('c', { subject: 'spoke:crm', groupKey: 'spoke:crm' }),
    ];
    const { notifications } = plan(alerts, rules, START);
    expect(notifications.map(({ severity, alerts: all }) => [severity, all.map(({ id }) => id)])).toEqual([
      ['critical', ['b', 'a']],
      ['warning', ['c']],
    ]);
    const byRule = alerts.map((alert) => ({ ...alert, groupKey: `rule:${alert.rule}` }));
    expect(plan(byRule, rules, START).notifications.map(({ alerts: all }) => all.map(({ id }) => id))).toEqual([['a', 'c'], ['b']]);
  });

  it('never go to the spoke that they are about', () => {
    const rule = ruleOf({ notify: [{ to: 'ops' }, { to: 'mail' }] });
    const alert = opened('a', { subject: 'spoke:ops', groupKey: 'spoke:ops' });
    expect(plan([alert], [rule], START).notifications.map(({ to }) => to)).toEqual(['mail']);
    expect(plan([{ ...alert, state: 'resolved' }], [rule], START)).toEqual({ notifications: [], settled: ['a'] });
  });

  it('stay within what a channel may get: the last one carries the rest', () => {
    const alerts = Array.from({ length: 55 }, (_, n) => opened(`${100 + n}`, { subject: `spoke:s${n}`, groupKey: `spoke:s${n}` }));
    const { notifications } = plan(alerts, [ruleOf()], START, 20);
    expect(notifications.map(({ alerts: all }) => all.length)).toEqual([...Array.from({ length: 19 }, () => 1), 36]);
    expect(plan(alerts, [ruleOf()], START, 0).notifications).toEqual([]);
  });

  it('about a rule that is gone are not sent', () => {
    expect(plan([opened('a'), opened('b', { state: 'resolved' })], [], START)).toEqual({ notifications: [], settled: ['b'] });
  });

  it('tell, whatever happens when, a resolve exactly to whom a firing was told', () => {
    const minutes = fc.integer({ min: 0, max: 300 });
    type Given = Parameters<typeof ruleOf>[0];
    const input: fc.Arbitrary<Given> = fc.record({
      repeat: fc.constantFrom(null, '30m', '4h'),
      quiet: fc.constantFrom<{ from: string; to: string; timezone: string }[]>([], [{ from: '13:00', to: '14:30', timezone: 'UTC' }]),
      notify: fc.constantFrom<{ to: string; after?: string }[]>(
        [{ to: 'ops' }],
        [{ to: 'ops', after: '1h' }],
        [{ to: 'ops' }, { to: 'pager', after: '45m' }],
      ),
    });
    fc.assert(
      fc.property(input, minutes, fc.option(minutes, { nil: undefined }), (given, resolveAt, acknowledgeAt) => {
        const options = { resolveAt, ...(acknowledgeAt === undefined ? {} : { acknowledgeAt }) };
        const { events, settled } = story(ruleOf(given), 500, options);
        expect(settled).toEqual(['a']);
        for (const to of ['ops', 'pager']) {
          const own = events.filter((event) => event.endsWith(` ${to}`)).map((event) => event.split(' ')[1]);
          expect(own.filter((state) => state === 'resolved')).toHaveLength(own.includes('firing') ? 1 : 0);
          expect(own.indexOf('resolved')).toBe(own.includes('firing') ? own.length - 1 : -1);
        }
      }),
    );
  });
});
