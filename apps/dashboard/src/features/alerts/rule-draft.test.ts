import { type AlertRule, AlertRuleInput, type AlertWhen } from '@nave/api-schema';
import { describe, expect, it } from 'vitest';
import { validateSchema } from '../../parts/schema-form/validate.ts';
import { CONDITIONS } from './condition-words.ts';
import { draftOf, inputOf, NEW_RULE, PARAMETERS } from './rule-draft.ts';

const RULE: AlertRule = {
  ...{
    name: 'erp-errors',
    when: { condition: 'errorShare', share: 0.125, minimum: 50, window: '10m' },
    spokes: ['erp', 'erp-*'],
    for: '2m',
  },
  ...{ severity: 'critical', groupBy: 'rule', repeat: null, quietCritical: true, enabled: false, version: 3 },
  notify: [
    { to: 'ops', operation: null, after: '0s', severity: null },
    { to: 'pager', operation: 'send', after: '15m', severity: 'critical' },
  ],
  quiet: [{ days: ['mon', 'fri'], from: '22:00', to: '06:00', timezone: 'Europe/Prague' }],
  ...{ createdAt: '2026-11-21T10:00:00.000Z', updatedAt: '2026-11-21T10:00:00.000Z' },
};

describe('the form of a rule', () => {
  it('gives back what it was made of', () => {
    const { name, version, createdAt, updatedAt, ...spec } = RULE;
    const sent = inputOf(draftOf(RULE));
    expect(sent).toEqual({
      ...spec,
      notify: [{ to: 'ops' }, { to: 'pager', operation: 'send', after: '15m', severity: 'critical' }],
    });
    expect(validateSchema(AlertRuleInput, sent)).toEqual([]);
  });

  it('sends what the API takes, for every condition with and without its parameters', () => {
    for (const condition of CONDITIONS) {
      const parameters = Object.fromEntries(PARAMETERS[condition].map(({ name, fallback }) => [name, fallback ?? '1h']));
      expect(validateSchema(AlertRuleInput, inputOf({ ...NEW_RULE, condition }))).toEqual([]);
      expect(validateSchema(AlertRuleInput, inputOf({ ...NEW_RULE, condition, parameters }))).toEqual([]);
    }
  });

  it('leaves out what was left empty, and keeps only parameters of the condition', () => {
    const parameters = { count: '3', olderThan: '5m', window: ' ' };
    expect(inputOf({ ...NEW_RULE, parameters }).when).toEqual({ condition: 'dead', count: 3 });
    expect(inputOf({ ...NEW_RULE, condition: 'backlog', parameters }).when).toEqual({ condition: 'backlog', olderThan: '5m' });
    expect(inputOf({ ...NEW_RULE, repeat: '' }).repeat).toBeNull();
  });

  it('sends what is no number as what the hub refuses at its field', () => {
    const sent = inputOf({ ...NEW_RULE, parameters: { count: 'many' } });
    expect(sent.when).toEqual({ condition: 'dead', count: 0 });
    expect(validateSchema(AlertRuleInput, sent)).not.toEqual([]);
  });

  it('reads shares as percents and knows all spokes as an empty field', () => {
    const when: AlertWhen = { condition: 'dead', count: 1, window: null };
    expect(draftOf(RULE).parameters['share']).toBe('12.5');
    expect(draftOf({ ...RULE, when, spokes: ['*'] })).toMatchObject({ spokes: '', parameters: { count: '1' } });
  });
});
