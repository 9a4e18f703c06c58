import type { AlertWhen } from '@nave/api-schema';
import { AlertWhenInput } from '@nave/api-schema';
import { describe, expect, it } from 'vitest';
import { CONDITIONS, conditionWords, ruleWords, spanWords } from './condition-words.ts';

const WHEN: { [C in AlertWhen['condition']]: Extract<AlertWhen, { condition: C }> } = {
  dead: { condition: 'dead', count: 5, window: '1h' },
  parked: { condition: 'parked', count: 1 },
  unknown: { condition: 'unknown', count: 2 },
  breaker: { condition: 'breaker' },
  ledger: { condition: 'ledger' },
  backlog: { condition: 'backlog', olderThan: '15m' },
  retryBudget: { condition: 'retryBudget' },
  retention: { condition: 'retention' },
  errorShare: { condition: 'errorShare', share: 0.2, minimum: 50, window: '10m' },
  signIns: { condition: 'signIns', count: 20, window: '5m' },
  silent: { condition: 'silent', factor: 10, minimum: '1h' },
};

describe('a condition in words', () => {
  it('is known for every condition the API has, in both languages', () => {
    const known = AlertWhenInput.anyOf.map(({ properties }) => properties.condition.const);
    expect([...CONDITIONS].sort()).toEqual([...known].sort());
    for (const condition of CONDITIONS) {
      const [en, cs] = [conditionWords(WHEN[condition], 'en'), conditionWords(WHEN[condition], 'cs')];
      expect(en.length).toBeGreaterThan(10);
      expect(cs.length).toBeGreaterThan(10);
      expect(cs).not.toBe(en);
      expect(`${en} ${cs}`).not.toMatch(/#|undefined|NaN|null/);
    }
  });

  it('has its figures in it', () => {
    expect(conditionWords(WHEN.dead, 'en')).toBe('at least 5 deliveries are dead, died within 1 hour');
    expect(conditionWords({ ...WHEN.dead, count: 1, window: null }, 'en')).toBe('a delivery is dead');
    expect(conditionWords(WHEN.errorShare, 'en')).toBe('at least 20% of 50 or more attempts within 10 minutes failed');
    expect(conditionWords(WHEN.backlog, 'cs')).toBe('něco čeká déle než 15 minut');
    expect(conditionWords({ ...WHEN.parked, count: 3 }, 'cs')).toBe('stojí alespoň 3 řady');
  });

  it('says where and for how long, where that matters', () => {
    const rule = { when: WHEN.breaker, spokes: ['erp', 'erp-*'], for: '2m' };
    expect(ruleWords(rule, 'en')).toBe('The circuit is open – erp, erp-*, for 2 minutes.');
    expect(ruleWords(rule, 'cs')).toBe('Je přerušený okruh – erp, erp-*, trvá-li to 2 minuty.');
    expect(ruleWords({ ...rule, spokes: ['*'], for: '0s' }, 'en')).toBe('The circuit is open.');
    expect(ruleWords({ ...rule, when: WHEN.ledger, for: '0s' }, 'en')).toBe('The ledger does not add up.');
  });

  it('writes spans as people do, and leaves alone what is none', () => {
    expect([spanWords('1h', 'en'), spanWords('250ms', 'en'), spanWords('3d', 'cs')]).toEqual(['1 hour', '250 milliseconds', '3 dny']);
    expect(spanWords('soon', 'en')).toBe('soon');
  });
});
