/** What the form of a rule holds: everything as it is written, until it is sent. */
import type { AlertRule, AlertRuleInput, AlertSeverity, AlertWhen, AlertWhenInput, WEEKDAYS } from '@nave/api-schema';
import type { Condition } from './condition-words.ts';

export type Weekday = (typeof WEEKDAYS)[number];

export interface NotifyDraft {
  to: string;
  /** Empty: the only one of the spoke. */
  operation: string;
  after: string;
  severity: AlertSeverity | '';
}

export interface QuietDraft {
  days: readonly Weekday[];
  from: string;
  to: string;
  timezone: string;
}

export interface RuleDraft {
  name: string;
  condition: Condition;
  /** Of the condition, by the name of the parameter; empty: the default. */
  parameters: Readonly<Record<string, string>>;
  /** Separated by commas or spaces; empty: all. */
  spokes: string;
  holds: string;
  severity: AlertSeverity;
  notify: readonly NotifyDraft[];
  groupBy: 'rule' | 'spoke';
  /** Empty: never. */
  repeat: string;
  quiet: readonly QuietDraft[];
  quietCritical: boolean;
  enabled: boolean;
}

export interface Parameter {
  name: string;
  kind: 'count' | 'duration' | 'percent' | 'factor';
  /** What an empty field means; null: nothing. */
  fallback: string | null;
}

/** Parameters of each condition; the defaults are those of docs/alerts.md. */
export const PARAMETERS: Readonly<Record<Condition, readonly Parameter[]>> = {
  dead: [
    { name: 'count', kind: 'count', fallback: '1' },
    { name: 'window', kind: 'duration', fallback: null },
  ],
  parked: [{ name: 'count', kind: 'count', fallback: '1' }],
  unknown: [{ name: 'count', kind: 'count', fallback: '1' }],
  breaker: [],
  ledger: [],
  retention: [],
  retryBudget: [],
  backlog: [{ name: 'olderThan', kind: 'duration', fallback: '15m' }],
  errorShare: [
    { name: 'share', kind: 'percent', fallback: '50' },
    { name: 'minimum', kind: 'count', fallback: '20' },
    { name: 'window', kind: 'duration', fallback: '5m' },
  ],
  signIns: [
    { name: 'count', kind: 'count', fallback: '20' },
    { name: 'window', kind: 'duration', fallback: '5m' },
  ],
  silent: [
    { name: 'factor', kind: 'factor', fallback: '10' },
    { name: 'minimum', kind: 'duration', fallback: '1h' },
  ],
};

export const NEW_RULE: RuleDraft = {
  ...{ name: '', condition: 'dead', parameters: {}, spokes: '', holds: '', severity: 'warning', notify: [], groupBy: 'spoke' },
  ...{ repeat: '4h', quiet: [], quietCritical: false, enabled: true },
};

export function draftOf(rule: AlertRule): RuleDraft {
  const { condition } = rule.when;
  return {
    name: rule.name,
    condition,
    parameters: parametersOf(rule.when),
    spokes: rule.spokes.includes('*') ? '' : rule.spokes.join(', '),
    holds: /^0+(ms|s|m|h|d)$/.test(rule.for) ? '' : rule.for,
    severity: rule.severity,
    notify: rule.notify.map(({ to, operation, after, severity }) => ({
      to,
      operation: operation ?? '',
      after: /^0+(ms|s|m|h|d)$/.test(after) ? '' : after,
      severity: severity ?? '',
    })),
    groupBy: rule.groupBy,
    repeat: rule.repeat ?? '',
    quiet: rule.quiet,
    quietCritical: rule.quietCritical,
    enabled: rule.enabled,
  };
}

/** What is sent: the hub says what is wrong with it, at its fields. */
export function inputOf(draft: RuleDraft): AlertRuleInput {
  const spokes = draft.spokes.split(/[\s,]+/).filter((name) => name !== '');
  return {
    when: whenOf(draft),
    ...(spokes.length === 0 ? {} : { spokes }),
    ...(draft.holds.trim() === '' ? {} : { for: draft.holds.trim() }),
    severity: draft.severity,
    notify: draft.notify.map(({ to, operation, after, severity }) => ({
      to,
      ...(operation.trim() === '' ? {} : { operation: operation.trim() }),
      ...(after.trim() === '' ? {} : { after: after.trim() }),
      ...(severity === '' ? {} : { severity }),
    })),
    groupBy: draft.groupBy,
    repeat: draft.repeat.trim() === '' ? null : draft.repeat.trim(),
    quiet: draft.quiet.map(({ days, from, to, timezone }) => ({
      ...(days.length === 0 ? {} : { days: [...days] }),
      ...{ from, to },
      ...(timezone.trim() === '' ? {} : { timezone: timezone.trim() }),
    })),
    quietCritical: draft.quietCritical,
    enabled: draft.enabled,
  };
}

function whenOf({ condition, parameters }: RuleDraft): AlertWhenInput {
  const text = (name: string) => (parameters[name] ?? '').trim();
  const numberAt = <Name extends string>(name: Name, divisor = 1): Partial<Record<Name, number>> => {
    const one: Partial<Record<Name, number>> = {};
    // What is no number is sent as 0, which the hub refuses at its field.
    if (text(name) !== '') one[name] = (Number(text(name).replace(',', '.')) || 0) / divisor;
    return one;
  };
  const spanAt = <Name extends string>(name: Name): Partial<Record<Name, string>> => {
    const one: Partial<Record<Name, string>> = {};
    if (text(name) !== '') one[name] = text(name);
    return one;
  };
  switch (condition) {
    case 'dead':
      return { condition, ...numberAt('count'), ...spanAt('window') };
    case 'parked':
    case 'unknown':
      return { condition, ...numberAt('count') };
    case 'backlog':
      return { condition, ...spanAt('olderThan') };
    case 'errorShare':
      return { condition, ...numberAt('share', 100), ...numberAt('minimum'), ...spanAt('window') };
    case 'signIns':
      return { condition, ...numberAt('count'), ...spanAt('window') };
    case 'silent':
      return { condition, ...numberAt('factor'), ...spanAt('minimum') };
    default:
      return { condition };
  }
}

function parametersOf(when: AlertWhen): Record<string, string> {
  const values = new Map<string, unknown>(Object.entries(when));
  const texts: Record<string, string> = {};
  for (const { name, kind } of PARAMETERS[when.condition]) {
    const value = values.get(name);
    if (typeof value === 'number') texts[name] = String(kind === 'percent' ? Math.round(value * 10_000) / 100 : value);
    else if (typeof value === 'string') texts[name] = value;
  }
  return texts;
}
