/** Stored rules and alerts as reads answer them. */
import { type Alert, type AlertRule, AlertRuleSpec } from '@nave/api-schema';
import { HubError } from '@nave/core';
import type { StoredAlert, StoredAlertRule } from '@nave/store';
import { Check } from 'typebox/value';
import { severityOf, spokeOf } from '../../../alerts/alert-state.ts';

export function presentRule({ name, spec, version, createdAt, updatedAt }: StoredAlertRule): AlertRule {
  return { name, ...alertSpecOf(spec), version, createdAt: createdAt.toISOString(), updatedAt: updatedAt.toISOString() };
}

/** @throws HubError `hub.internal` for a form that this version does not know */
export function alertSpecOf(spec: unknown): AlertRuleSpec {
  if (Check(AlertRuleSpec, spec)) return spec;
  throw new HubError('hub.internal', { detail: 'a stored alert rule has an unknown form' });
}

export function presentAlert(alert: StoredAlert): Alert {
  const { id, rule, subject, summary, detail, acknowledgedBy } = alert;
  return {
    ...{ id, rule, subject, spoke: spokeOf(subject), summary, detail, acknowledgedBy },
    severity: severityOf(alert.severity),
    state: alert.state === 'resolved' ? 'resolved' : 'firing',
    since: alert.openedAt.toISOString(),
    resolvedAt: alert.resolvedAt?.toISOString() ?? null,
    acknowledgedAt: alert.acknowledgedAt?.toISOString() ?? null,
  };
}
