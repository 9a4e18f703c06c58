/** Rules and facts for tests. */
import type { AlertRuleInput } from '@nave/api-schema';
import type { AlertFact } from '@nave/store';
import { alertSpec } from '../declaration/alert-spec.ts';
import { type AlertRuleDefinition, alertRule } from './alert-rule.ts';
import type { AlertState } from './alert-state.ts';

export function ruleOf(input: Partial<AlertRuleInput> = {}, name = 'dead'): AlertRuleDefinition {
  const rule = alertRule({ name, spec: alertSpec({ when: { condition: 'dead' }, notify: [{ to: 'ops' }], ...input }) });
  if (rule === null) throw new Error('not a rule');
  return rule;
}

export function factOf(spoke: string, count = 1): AlertFact {
  return { subject: `spoke:${spoke}`, spoke, figures: { count }, samples: [] };
}

export function alertOf(id: string, fields: Partial<AlertState> = {}): AlertState {
  return {
    ...{ id, rule: 'dead', subject: 'spoke:erp', groupKey: 'spoke:erp', severity: 'warning', state: 'firing', summary: '', detail: {} },
    ...{ openedAtMs: 0, updatedAtMs: 0, resolvedAtMs: null, acknowledged: false, told: {} },
    ...fields,
  };
}
