/** Looks at all rules every few seconds, in one process at a time; opens, resolves and tells. All that must last is in the rows of the alerts. */
import { type Clock, type Ids, type Logger, messageOf } from '@nave/core';
import type { AlertFact, AlertQuestion, AlertRuleRepository, AlertStore, Leadership } from '@nave/store';
import { type AlertRuleDefinition, alertRule } from './alert-rule.ts';
import { type AlertState, alertState } from './alert-state.ts';
import { EMPTY_MEMORY, evaluateAlerts } from './evaluate-alerts.ts';
import { createNotificationPace } from './notification-pace.ts';
import type { Notifier } from './notifier.ts';
import { type PlannedNotification, planNotifications } from './plan-notifications.ts';

export interface EvaluatorDeps {
  alerts: AlertStore;
  rules: Pick<AlertRuleRepository, 'list'>;
  /** Asks the database. */
  facts: (question: AlertQuestion, nowMs: number) => Promise<AlertFact[]>;
  notifier: Pick<Notifier, 'send'>;
  leadership: Pick<Leadership, 'lead' | 'close'>;
  clock: Clock;
  ids: Ids;
  logger: Logger;
}

export interface AlertEvaluator {
  start(): void;
  /** One look, when this process leads. */
  turn(): Promise<void>;
  /** Waits for the look under way. */
  close(): Promise<void>;
}

/** Whoever leads must say so every second, or PostgreSQL ends the session and the lock wanders: what is remembered about `for` would be forgotten. */
const BEAT_MS = 1_000;
/** In beats, from the end of one look to the next. */
const LOOK_EVERY = 5;
/** What changes slowly is asked less often. */
const ASK_EVERY_MS: Partial<Record<AlertQuestion['condition'], number>> = { silent: 60_000, errorShare: 10_000, backlog: 10_000 };
/** And so is what takes long: a condition may keep one connection busy for a fiftieth of the time. */
const BUSY_SHARE = 50;
/** No answer is older, whatever asking costs and whatever the clock does. */
const ANSWER_MAX_MS = 60_000;
const RULES_MAX = 1_000;
const KEPT_MS = 90 * 86_400_000;
const FORGET_EVERY_MS = 600_000;
const FORGET_MAX = 1_000;

export function createAlertEvaluator(deps: EvaluatorDeps): AlertEvaluator {
  const { alerts, clock, logger } = deps;
  const pace = createNotificationPace();
  const answers = new Map<string, { untilMs: number; facts: AlertFact[] }>();
  let memory = EMPTY_MEMORY;
  let forgotAtMs = 0;
  let timer: NodeJS.Timeout | null = null;
  let looking: Promise<void> | null = null;
  let beatsToLook = 0;
  let closed = false;
  let complaint = '';

  async function turn(): Promise<void> {
    if (!(await deps.leadership.lead())) {
      memory = EMPTY_MEMORY;
      return;
    }
    await look();
  }

  async function look(): Promise<void> {
    const nowMs = clock.now();
    const rules = (await deps.rules.list({ limit: RULES_MAX, afterName: null })).flatMap((stored) => alertRule(stored) ?? []);
    const found = await askAll(rules, nowMs);
    let open = (await alerts.open()).map(alertState);
    const firing = open.filter(({ state }) => state === 'firing');
    const seen = evaluateAlerts(rules, ({ question }) => found.get(JSON.stringify(question)) ?? null, firing, memory, nowMs);
    if (seen.opens.length + seen.updates.length + seen.resolves.length > 0) {
      const opens = seen.opens.map((alert) => ({ id: deps.ids.next(nowMs), ...alert }));
      await alerts.apply({ ...seen, opens }, nowMs);
      for (const { rule, subject, severity } of opens) logger.warn({ rule, subject, severity }, 'an alert opened');
      for (const id of seen.resolves) logger.info({ alertId: id }, 'an alert resolved');
      open = (await alerts.open()).map(alertState);
    }
    // Only now: what could not be written is found again at the next look.
    memory = seen.memory;
    await tell(open, new Map(rules.map((rule) => [rule.name, rule])), nowMs);
    if (nowMs - forgotAtMs >= FORGET_EVERY_MS) {
      forgotAtMs = nowMs;
      await alerts.forget(nowMs - KEPT_MS, FORGET_MAX);
    }
  }

  /** The same question of several rules is asked once. What fails is left out, the others go on. */
  async function askAll(rules: readonly AlertRuleDefinition[], nowMs: number): Promise<Map<string, AlertFact[]>> {
    const found = new Map<string, AlertFact[]>();
    for (const { question, enabled } of rules) {
      const key = JSON.stringify(question);
      if (!enabled || found.has(key)) continue;
      const known = answers.get(key);
      if (known !== undefined && nowMs < known.untilMs && nowMs >= known.untilMs - ANSWER_MAX_MS) {
        found.set(key, known.facts);
        continue;
      }
      try {
        const startedAtMs = clock.now();
        const facts = await deps.facts(question, nowMs);
        found.set(key, facts);
        const restMs = Math.max(ASK_EVERY_MS[question.condition] ?? 0, (clock.now() - startedAtMs) * BUSY_SHARE);
        answers.set(key, { untilMs: nowMs + Math.min(restMs, ANSWER_MAX_MS), facts });
      } catch (error) {
        complain(`${question.condition}: ${messageOf(error)}`);
      }
    }
    for (const key of answers.keys()) if (!found.has(key)) answers.delete(key);
    return found;
  }

  async function tell(open: readonly AlertState[], rules: ReadonlyMap<string, AlertRuleDefinition>, nowMs: number): Promise<void> {
    const { notifications, settled } = planNotifications(open, rules, (to) => pace.left(to, nowMs), nowMs);
    const byId = new Map(open.map((alert) => [alert.id, alert]));
    if (settled.length > 0) await alerts.remember(settled.map((id) => ({ id, notified: byId.get(id)?.told ?? {}, settled: true })));
    for (const notification of notifications) {
      const sent = await deps.notifier.send(notification);
      if (sent === null) {
        complain(`the channel ${notification.to} has no such operation`);
        continue;
      }
      pace.count(notification.to, nowMs);
      const told = toldAfter(notification, byId, nowMs);
      for (const alert of told) byId.set(alert.id, alert);
      await alerts.remember(told.map(({ id, told: notified }) => ({ id, notified, settled: false })));
    }
  }

  /** Once for each different trouble, not every five seconds. */
  function complain(reason: string): void {
    if (reason !== complaint) logger.warn({ reason }, 'alerts cannot be looked at as they should');
    complaint = reason;
  }

  async function beat(): Promise<void> {
    const leads = await deps.leadership.lead();
    if (closed) return;
    if (!leads) memory = EMPTY_MEMORY;
    else if (looking === null && beatsToLook > 0) beatsToLook -= 1;
    else if (looking === null)
      looking = look()
        .catch((error: unknown) => complain(messageOf(error)))
        .finally(() => {
          looking = null;
          beatsToLook = LOOK_EVERY - 1;
        });
    plan();
  }

  function plan(): void {
    timer = setTimeout(() => void beat(), BEAT_MS).unref();
  }

  return {
    start: plan,
    turn,
    async close() {
      closed = true;
      if (timer !== null) clearTimeout(timer);
      await looking;
      await deps.leadership.close();
    },
  };
}

/** The alerts of a notification with what their targets now know. */
function toldAfter({ state, tells }: PlannedNotification, byId: ReadonlyMap<string, AlertState>, nowMs: number): AlertState[] {
  const changed = new Map<string, AlertState>();
  for (const { alertId, target, count } of tells) {
    const alert = changed.get(alertId) ?? byId.get(alertId);
    if (alert === undefined) continue;
    const before = alert.told[target];
    const told =
      state === 'firing' ? { count, lastAt: nowMs, resolvedAt: null } : { count, lastAt: before?.lastAt ?? nowMs, resolvedAt: nowMs };
    changed.set(alertId, { ...alert, told: { ...alert.told, [target]: told } });
  }
  return [...changed.values()];
}
