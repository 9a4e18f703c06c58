/** One look at all rules, as a pure function: what opens, what changes, what resolves. */
import type { AlertFact } from '@nave/store';
import type { AlertRuleDefinition } from './alert-rule.ts';
import type { AlertState } from './alert-state.ts';
import { summaryOf } from './alert-summary.ts';

/** What is remembered between looks; lost with the process, then a `for` that was running starts again. */
export interface LookMemory {
  /** Since when a condition holds that has not held long enough, by rule and subject. */
  holding: ReadonlyMap<string, number>;
  /** Looks in a row at which an open alert's condition did not hold, by alert id. */
  missing: ReadonlyMap<string, number>;
}

export interface Opening {
  rule: string;
  subject: string;
  groupKey: string;
  severity: AlertRuleDefinition['severity'];
  summary: string;
  detail: AlertDetail;
}

export type AlertDetail = AlertFact['figures'] & { samples?: readonly string[] };

export interface LookResult {
  memory: LookMemory;
  opens: Opening[];
  updates: { id: string; severity: AlertRuleDefinition['severity']; summary: string; detail: AlertDetail }[];
  /** Ids. */
  resolves: string[];
}

export const EMPTY_MEMORY: LookMemory = { holding: new Map(), missing: new Map() };
/** Looks in a row without the condition after which an alert resolves. */
export const MISSING_MAX = 2;
/** Figures of an open alert are written no more often. */
const UPDATE_MS = 30_000;
/** Alerts that one rule may have open: what goes beyond says nothing new. */
const OPEN_PER_RULE_MAX = 1_000;

/**
 * @param facts what the rule's condition found; null when it could not be asked, which changes nothing
 * @param open alerts that are firing
 */
export function evaluateAlerts(
  rules: readonly AlertRuleDefinition[],
  facts: (rule: AlertRuleDefinition) => readonly AlertFact[] | null,
  open: readonly AlertState[],
  memory: LookMemory,
  nowMs: number,
): LookResult {
  const holding = new Map<string, number>();
  const missing = new Map<string, number>();
  const result: LookResult = { memory: { holding, missing }, opens: [], updates: [], resolves: [] };
  const byRule = Map.groupBy(open, ({ rule }) => rule);
  const enabled = new Map(rules.filter((rule) => rule.enabled).map((rule) => [rule.name, rule]));
  for (const [name, alerts] of byRule) if (!enabled.has(name)) result.resolves.push(...alerts.map(({ id }) => id));
  for (const rule of enabled.values()) {
    const alerts = new Map((byRule.get(rule.name) ?? []).map((alert) => [alert.subject, alert]));
    const found = facts(rule);
    if (found === null) {
      keep(memory, rule.name, alerts, holding, missing);
      continue;
    }
    const seen = new Set<string>();
    for (const fact of found) {
      if ((fact.spoke !== null && !rule.watches(fact.spoke)) || seen.has(fact.subject)) continue;
      seen.add(fact.subject);
      const alert = alerts.get(fact.subject);
      const told = { severity: rule.severity, summary: summaryOf(rule.question, fact), detail: detailOf(fact) };
      if (alert !== undefined) {
        if (differs(alert, told) && (alert.severity !== told.severity || nowMs - alert.updatedAtMs >= UPDATE_MS))
          result.updates.push({ id: alert.id, ...told });
        continue;
      }
      const key = keyOf(rule.name, fact.subject);
      const since = memory.holding.get(key) ?? nowMs;
      if (nowMs - since < rule.forMs || alerts.size + seen.size > OPEN_PER_RULE_MAX) holding.set(key, since);
      else {
        const groupKey = rule.groupBy === 'rule' ? `rule:${rule.name}` : fact.subject;
        result.opens.push({ rule: rule.name, subject: fact.subject, groupKey, ...told });
      }
    }
    for (const [subject, { id }] of alerts) {
      if (seen.has(subject)) continue;
      const times = (memory.missing.get(id) ?? 0) + 1;
      if (times >= MISSING_MAX) result.resolves.push(id);
      else missing.set(id, times);
    }
  }
  return result;
}

function keep(
  memory: LookMemory,
  rule: string,
  alerts: ReadonlyMap<string, AlertState>,
  holding: Map<string, number>,
  missing: Map<string, number>,
): void {
  for (const [key, since] of memory.holding) if (key.startsWith(`${rule} `)) holding.set(key, since);
  for (const { id } of alerts.values()) {
    const times = memory.missing.get(id);
    if (times !== undefined) missing.set(id, times);
  }
}

/** Names of rules hold no blanks. */
function keyOf(rule: string, subject: string): string {
  return `${rule} ${subject}`;
}

function detailOf({ figures, samples }: AlertFact): AlertDetail {
  return samples.length === 0 ? figures : { ...figures, samples: samples.slice(0, 10) };
}

function differs(alert: AlertState, told: { severity: string; summary: string; detail: AlertDetail }): boolean {
  return alert.severity !== told.severity || alert.summary !== told.summary || !same(alert.detail, told.detail);
}

/** As it comes back from the database: the order of names does not matter. */
function same(a: unknown, b: unknown): boolean {
  const canonical = (value: unknown): unknown =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([x], [y]) => (x < y ? -1 : 1)))
      : value;
  return JSON.stringify(canonical(a)) === JSON.stringify(canonical(b));
}
