import type { AlertFact } from '@nave/store';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AlertRuleDefinition } from './alert-rule.ts';
import type { AlertState } from './alert-state.ts';
import { EMPTY_MEMORY, evaluateAlerts, type LookMemory, MISSING_MAX } from './evaluate-alerts.ts';
import { alertOf, factOf, ruleOf } from './test-rule.ts';

const LOOK_MS = 5_000;

/** Looks one after the other at what the condition finds, as the evaluator does with its rows. */
function looks(rule: AlertRuleDefinition, found: readonly (readonly AlertFact[] | null)[]) {
  let memory: LookMemory = EMPTY_MEMORY;
  let open: AlertState[] = [];
  const events: string[] = [];
  for (const [n, facts] of found.entries()) {
    const look = evaluateAlerts([rule], () => facts, open, memory, n * LOOK_MS);
    memory = look.memory;
    for (const { subject } of look.opens) {
      events.push(`${n} + ${subject}`);
      open.push(alertOf(`${subject}@${n}`, { subject, rule: rule.name }));
    }
    for (const id of look.resolves) events.push(`${n} - ${id}`);
    open = open.filter(({ id }) => !look.resolves.includes(id));
  }
  return { events, open };
}

describe('a look at the rules', () => {
  it('opens once while the condition holds, and resolves once after two looks without it', () => {
    const [erp] = [[factOf('erp')]];
    expect(looks(ruleOf(), [erp, erp, [], erp, erp, [], [], []]).events).toEqual(['0 + spoke:erp', '6 - spoke:erp@0']);
  });

  it('waits until it has held for long enough without a break', () => {
    const rule = ruleOf({ for: '10s' });
    const erp = [factOf('erp')];
    expect(looks(rule, [erp, erp, [], erp, erp, erp]).events).toEqual(['5 + spoke:erp']);
  });

  it('neither opens nor resolves on a look that could not ask, nor forgets how long it held', () => {
    const rule = ruleOf({ for: '10s' });
    const erp = [factOf('erp')];
    expect(looks(rule, [erp, null, erp]).events).toEqual(['2 + spoke:erp']);
    expect(looks(ruleOf(), [erp, [], null, null, [], null]).events).toEqual(['0 + spoke:erp', '4 - spoke:erp@0']);
  });

  it('watches the spokes that the rule names, by name and pattern', () => {
    const found = [[factOf('erp'), factOf('erp-2'), factOf('crm'), factOf('xerp')]];
    expect(looks(ruleOf({ spokes: ['erp', 'c*'] }), found).events).toEqual(['0 + spoke:erp', '0 + spoke:crm']);
    expect(looks(ruleOf({ spokes: ['e.p'] }), found).events).toEqual([]);
  });

  it('resolves what a rule found that is disabled or gone', () => {
    const open = [alertOf('a'), alertOf('b', { rule: 'gone' })];
    const look = evaluateAlerts([ruleOf({ enabled: false })], () => [factOf('erp')], open, EMPTY_MEMORY, 0);
    expect(look).toMatchObject({ opens: [], resolves: ['a', 'b'] });
  });

  it('writes new figures of an open alert now and then, a new severity at once', () => {
    const alert = alertOf('a', { summary: '1 delivery to erp is dead', detail: { count: 1 } });
    const update = (count: number, nowMs: number, severity: 'warning' | 'critical' = 'warning') =>
      evaluateAlerts([ruleOf({ severity })], () => [factOf('erp', count)], [alert], EMPTY_MEMORY, nowMs).updates;
    expect(update(1, 60_000)).toEqual([]);
    expect(update(2, 5_000)).toEqual([]);
    expect(update(2, 60_000)).toMatchObject([{ id: 'a', summary: '2 deliveries to erp are dead' }]);
    expect(update(1, 5_000, 'critical')).toMatchObject([{ severity: 'critical' }]);
  });

  it('has, whatever happens, at most one alert open per subject, and every open one resolves once', () => {
    const spokes = fc.subarray(['erp', 'crm', 'pim']).map((names) => names.map((name) => factOf(name)));
    const find = fc.array(fc.option(spokes, { nil: null, freq: 5 }), { maxLength: 40 });
    fc.assert(
      fc.property(find, fc.constantFrom('0s', '5s', '12s'), (found, wait) => {
        const quiet = Array.from({ length: MISSING_MAX }, () => []);
        const { events, open } = looks(ruleOf({ for: wait }), [...found, ...quiet]);
        expect(open).toEqual([]);
        const firing = new Set<string>();
        for (const event of events) {
          const [, sign, what = ''] = event.split(' ');
          const subject = what.split('@')[0] ?? '';
          expect(firing.has(subject)).toBe(sign === '-');
          if (sign === '+') firing.add(subject);
          else firing.delete(subject);
        }
      }),
    );
  });
});
