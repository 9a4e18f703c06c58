/** Alert rules and alerts: what is watched, who is told, what fires (docs/alerts.md). */
import { type Static, Type } from 'typebox';
import { closed, Duration, Id, LIST_QUERY, listOf, Name, nullable, Timestamp } from './common.ts';

export const ALERT_SEVERITIES = ['info', 'warning', 'critical'] as const;
export const AlertSeverity = Type.Enum([...ALERT_SEVERITIES]);
export type AlertSeverity = Static<typeof AlertSeverity>;

export const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
const Count = Type.Integer({ minimum: 1, maximum: 1_000 });
const Share = Type.Number({ exclusiveMinimum: 0, maximum: 1 });
const Factor = Type.Number({ minimum: 1, maximum: 1_000 });
const one = <T extends string>(condition: T) => Type.Literal(condition);

/** Conditions with their parameters, as given. */
export const AlertWhenInput = Type.Union(
  [
    closed({ condition: one('dead'), count: Type.Optional(Count), window: Type.Optional(nullable(Duration)) }),
    closed({ condition: one('parked'), count: Type.Optional(Count) }),
    closed({ condition: one('unknown'), count: Type.Optional(Count) }),
    closed({ condition: one('breaker') }),
    closed({ condition: one('ledger') }),
    closed({ condition: one('backlog'), olderThan: Type.Optional(Duration) }),
    closed({ condition: one('retryBudget') }),
    closed({ condition: one('retention') }),
    closed({
      condition: one('errorShare'),
      share: Type.Optional(Share),
      minimum: Type.Optional(Type.Integer({ minimum: 1, maximum: 20_000 })),
      window: Type.Optional(Duration),
    }),
    closed({
      condition: one('signIns'),
      count: Type.Optional(Type.Integer({ minimum: 1, maximum: 100_000 })),
      window: Type.Optional(Duration),
    }),
    closed({ condition: one('silent'), factor: Type.Optional(Factor), minimum: Type.Optional(Duration) }),
  ],
  { description: 'What is watched' },
);
export type AlertWhenInput = Static<typeof AlertWhenInput>;

/** The same, completed. */
export const AlertWhen = Type.Union([
  closed({ condition: one('dead'), count: Type.Integer(), window: nullable(Type.String()) }),
  closed({ condition: one('parked'), count: Type.Integer() }),
  closed({ condition: one('unknown'), count: Type.Integer() }),
  closed({ condition: one('breaker') }),
  closed({ condition: one('ledger') }),
  closed({ condition: one('backlog'), olderThan: Type.String() }),
  closed({ condition: one('retryBudget') }),
  closed({ condition: one('retention') }),
  closed({ condition: one('errorShare'), share: Type.Number(), minimum: Type.Integer(), window: Type.String() }),
  closed({ condition: one('signIns'), count: Type.Integer(), window: Type.String() }),
  closed({ condition: one('silent'), factor: Type.Number(), minimum: Type.String() }),
]);
export type AlertWhen = Static<typeof AlertWhen>;

const OperationName = Type.String({ minLength: 1, maxLength: 200 });
const ClockTime = Type.String({ pattern: '^([01][0-9]|2[0-3]):[0-5][0-9]$', description: 'HH:MM', examples: ['22:00'] });
const SpokePattern = Type.String({
  pattern: '^[a-z0-9*][a-z0-9._*-]{0,62}$',
  description: 'Name of a spoke; * stands for any characters',
  examples: ['erp-*'],
});

const ALERT_RULE_INPUT = {
  when: AlertWhenInput,
  spokes: Type.Optional(Type.Array(SpokePattern, { minItems: 1, maxItems: 200, description: 'Default all' })),
  for: Type.Optional(Duration),
  severity: Type.Optional(AlertSeverity),
  notify: Type.Optional(
    Type.Array(
      closed({
        to: Name,
        operation: Type.Optional(nullable(OperationName)),
        after: Type.Optional(Duration),
        severity: Type.Optional(nullable(AlertSeverity)),
      }),
      { maxItems: 20 },
    ),
  ),
  groupBy: Type.Optional(Type.Enum(['rule', 'spoke'])),
  repeat: Type.Optional(nullable(Duration)),
  quiet: Type.Optional(
    Type.Array(
      closed({
        days: Type.Optional(Type.Array(Type.Enum([...WEEKDAYS]), { minItems: 1, maxItems: 7, uniqueItems: true })),
        from: ClockTime,
        to: ClockTime,
        timezone: Type.Optional(
          Type.String({ minLength: 1, maxLength: 64, description: 'IANA name; default UTC', examples: ['Europe/Prague'] }),
        ),
      }),
      { maxItems: 20 },
    ),
  ),
  quietCritical: Type.Optional(Type.Boolean({ description: 'Default false' })),
  enabled: Type.Optional(Type.Boolean({ description: 'Default true' })),
  version: Type.Optional(Type.Integer({ description: 'Ignored' })),
  createdAt: Type.Optional(Type.String({ description: 'Ignored' })),
  updatedAt: Type.Optional(Type.String({ description: 'Ignored' })),
};

export const AlertRuleInput = closed({ name: Type.Optional(Name), ...ALERT_RULE_INPUT });
export type AlertRuleInput = Static<typeof AlertRuleInput>;
export const AlertRuleCreate = closed({ name: Name, ...ALERT_RULE_INPUT });
export type AlertRuleCreate = Static<typeof AlertRuleCreate>;

const ALERT_RULE_SPEC = {
  when: AlertWhen,
  spokes: Type.Array(Type.String()),
  for: Type.String(),
  severity: AlertSeverity,
  notify: Type.Array(
    closed({ to: Type.String(), operation: nullable(Type.String()), after: Type.String(), severity: nullable(AlertSeverity) }),
  ),
  groupBy: Type.Enum(['rule', 'spoke']),
  repeat: nullable(Type.String()),
  quiet: Type.Array(
    closed({ days: Type.Array(Type.Enum([...WEEKDAYS])), from: Type.String(), to: Type.String(), timezone: Type.String() }),
  ),
  quietCritical: Type.Boolean(),
  enabled: Type.Boolean(),
};

/** A rule completed: the form it is stored in, and what the declarative state holds. */
export const AlertRuleSpec = closed(ALERT_RULE_SPEC);
export type AlertRuleSpec = Static<typeof AlertRuleSpec>;

export const AlertRule = closed({ name: Name, ...ALERT_RULE_SPEC, version: Type.Integer(), createdAt: Timestamp, updatedAt: Timestamp });
export type AlertRule = Static<typeof AlertRule>;
export const AlertRuleList = listOf(AlertRule);

export const Alert = closed({
  id: Id,
  rule: Type.String(),
  subject: Type.String({ description: '`spoke:<name>`, `route:<name>` or `hub`' }),
  spoke: nullable(Type.String()),
  severity: AlertSeverity,
  state: Type.Enum(['firing', 'resolved']),
  summary: Type.String(),
  since: Timestamp,
  resolvedAt: nullable(Timestamp),
  acknowledgedAt: nullable(Timestamp),
  acknowledgedBy: nullable(Type.String()),
  detail: Type.Unknown({ description: 'Figures, and at most ten ids' }),
});
export type Alert = Static<typeof Alert>;
export const AlertList = listOf(Alert);

export const AlertHistoryQuery = closed({
  ...LIST_QUERY,
  rule: Type.Optional(Name),
  from: Type.Optional(Timestamp),
  to: Type.Optional(Timestamp),
});

export const AlertTest = closed({
  items: Type.Array(closed({ to: Type.String(), operation: Type.String(), messageId: Id })),
});
export type AlertTest = Static<typeof AlertTest>;
