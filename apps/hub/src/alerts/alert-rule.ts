/** An alert rule as the evaluator works with it: durations in milliseconds, patterns ready. */
import { AlertRuleSpec, type AlertSeverity, type AlertWhen } from '@nave/api-schema';
import { parseDuration } from '@nave/core';
import type { AlertQuestion } from '@nave/store';
import { Check } from 'typebox/value';
import type { QuietTime } from './quiet-time.ts';

export interface AlertTarget {
  /** Tells the places of `notify` apart, also when the rule is changed. */
  key: string;
  /** The channel: a spoke. */
  to: string;
  operation: string | null;
  afterMs: number;
  /** Null = the alert's. */
  severity: AlertSeverity | null;
}

export interface AlertRuleDefinition {
  name: string;
  question: AlertQuestion;
  watches(spoke: string): boolean;
  forMs: number;
  severity: AlertSeverity;
  targets: readonly AlertTarget[];
  groupBy: 'rule' | 'spoke';
  repeatMs: number | null;
  quiet: readonly QuietTime[];
  quietCritical: boolean;
  enabled: boolean;
}

/** Null for a stored form that this version does not know. */
export function alertRule({ name, spec }: { name: string; spec: unknown }): AlertRuleDefinition | null {
  if (!Check(AlertRuleSpec, spec)) return null;
  const patterns = spec.spokes.map(patternOf);
  return {
    name,
    question: questionOf(spec.when),
    watches: (spoke) => patterns.some((pattern) => pattern.test(spoke)),
    forMs: msOf(spec.for),
    severity: spec.severity,
    targets: spec.notify.map(({ to, operation, after, severity }) => {
      const afterMs = msOf(after);
      return { key: `${to}#${operation ?? ''}#${afterMs}`, to, operation, afterMs, severity };
    }),
    groupBy: spec.groupBy,
    repeatMs: spec.repeat === null ? null : msOf(spec.repeat),
    quiet: spec.quiet,
    quietCritical: spec.quietCritical,
    enabled: spec.enabled,
  };
}

function questionOf(when: AlertWhen): AlertQuestion {
  switch (when.condition) {
    case 'dead':
      return { condition: 'dead', count: when.count, windowMs: when.window === null ? null : msOf(when.window) };
    case 'backlog':
      return { condition: 'backlog', olderThanMs: msOf(when.olderThan) };
    case 'errorShare':
      return { condition: 'errorShare', share: when.share, minimum: when.minimum, windowMs: msOf(when.window) };
    case 'signIns':
      return { condition: 'signIns', count: when.count, windowMs: msOf(when.window) };
    case 'silent':
      return { condition: 'silent', factor: when.factor, minimumMs: msOf(when.minimum) };
    default:
      return when;
  }
}

function patternOf(text: string): RegExp {
  return new RegExp(
    `^${text
      .split(/\*+/)
      .map((part) => part.replaceAll('.', '\\.'))
      .join('.*')}$`,
  );
}

function msOf(duration: string): number {
  return parseDuration(duration) ?? 0;
}
