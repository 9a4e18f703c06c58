/** The alerts of one process: rules and alerts for the API, the notifier, and the evaluator that leads or waits to lead. */
import type { Bell, Clock, Ids, Logger, MessageStore, Sealer } from '@nave/core';
import type { Registry } from '@nave/pipeline';
import {
  type AlertRuleRepository,
  type AlertStore,
  alertFacts,
  createAlertRuleRepository,
  createAlertStore,
  createLeadership,
  type Database,
  LEADERSHIPS,
} from '@nave/store';
import { type AlertEvaluator, createAlertEvaluator } from './alert-evaluator.ts';
import { createNotifier, type Notifier } from './notifier.ts';

export interface Alerts {
  rules: AlertRuleRepository;
  store: AlertStore;
  notifier: Notifier;
}

export interface AlertParts {
  db: Database;
  messages: Pick<MessageStore, 'accept'>;
  registry: Pick<Registry, 'spoke'>;
  sealer: Sealer;
  bell: Bell;
  clock: Clock;
  ids: Ids;
  publicUrl: string;
}

/** What the API works with. */
export function buildAlerts({ db, messages, ...parts }: AlertParts): Alerts {
  return { rules: createAlertRuleRepository(db), store: createAlertStore(db), notifier: createNotifier({ ...parts, store: messages }) };
}

/** Looks once it is started; in processes that deliver. */
export function buildAlertEvaluator(alerts: Alerts, parts: Pick<AlertParts, 'db' | 'clock' | 'ids'> & { logger: Logger }): AlertEvaluator {
  const { db, logger } = parts;
  return createAlertEvaluator({
    ...parts,
    ...{ alerts: alerts.store, rules: alerts.rules, notifier: alerts.notifier },
    facts: (question, nowMs) => alertFacts(db.hot, question, nowMs),
    leadership: createLeadership(db.url, LEADERSHIPS.alerts, (reason) => logger.warn({ reason }, 'this process no longer looks at alerts')),
  });
}
