/**
 * Tells watchers what changed. Reads the newest rows every 250 ms while somebody watches, whoever wrote them: hub and worker may be other processes.
 * Without watchers it does nothing, and the hot path never knows of it.
 */
import type { AlertEvent, DeliveryEvent, MessageEvent, QueueEvent } from '@nave/api-schema';
import { type Clock, isTerminal, type Logger, messageOf } from '@nave/core';
import {
  createAlertStore,
  type Database,
  type DeliveryVersion,
  deliveriesById,
  deliveriesSince,
  type MessageChange,
  messagesSince,
  openDeliveries,
  queueFigures,
} from '@nave/store';
import { presentAlert } from '../alerts/present-alert.ts';
import { queueViews } from '../queues/queue-views.ts';

export type FeedEvent =
  | { event: 'message'; data: MessageEvent }
  | { event: 'delivery'; data: DeliveryEvent }
  | { event: 'queue'; data: QueueEvent }
  | { event: 'alert'; data: AlertEvent };

/** @param position what a watcher gives to go on after these events: milliseconds since the epoch */
export type FeedListener = (events: readonly FeedEvent[], position: number) => void;

export interface ChangeFeed {
  /**
   * Resolves when every change from now on will be told.
   * @param sinceMs a position: what changed since is told first (bounded; some of it perhaps twice)
   * @returns ends the watching
   */
  watch(listener: FeedListener, sinceMs: number | null): Promise<() => void>;
  /** One look at the database; runs by itself while somebody watches. */
  poll(): Promise<void>;
  close(): void;
}

export interface FeedDeps {
  db: Pick<Database, 'hot' | 'prisma'>;
  clock: Clock;
  logger: Logger;
}

const EVERY_MS = 250;
/** Ids are made before their rows are committed: rows this much older than the last look may still appear. */
const OVERLAP_MS = 5_000;
const DELIVERIES_MS = 60_000;
const QUEUES_EVERY_MS = 2_000;
const MESSAGES_MAX = 500;
const ALERTS_MAX = 200;
const DELIVERIES_MAX = 1_000;
/** Deliveries remembered with the version last told; beyond it the oldest are forgotten. */
const REMEMBERED_MAX = 10_000;
const FOLLOWED_MAX = 1_000;

export function createChangeFeed(deps: FeedDeps): ChangeFeed {
  const listeners = new Set<FeedListener>();
  const messages = new Set<string>();
  const deliveries = new Map<string, { version: string; open: boolean }>();
  const queues = new Map<string, string>();
  const alerts = new Map<string, number>();
  const alertStore = createAlertStore(deps.db);
  let lookedAtMs = 0;
  let queuesAtMs = 0;
  let polling: Promise<void> | null = null;
  let timer: NodeJS.Timeout | null = null;

  /** What is new or different since the last look. */
  async function look(): Promise<FeedEvent[]> {
    const nowMs = deps.clock.now();
    const events: FeedEvent[] = [];
    for (const row of await messagesSince(deps.db, (lookedAtMs || nowMs) - OVERLAP_MS, MESSAGES_MAX)) {
      if (messages.has(row.id)) continue;
      messages.add(row.id);
      events.push(messageEvent(row));
    }
    const recent = await deliveriesSince(deps.db, nowMs - DELIVERIES_MS, DELIVERIES_MAX);
    const seen = new Set(recent.map(({ id }) => id));
    const followed = [...deliveries].filter(([id, { open }]) => open && !seen.has(id)).map(([id]) => id);
    const older = await deliveriesById(deps.db, followed.slice(-FOLLOWED_MAX));
    const waiting = (await openDeliveries(deps.db, FOLLOWED_MAX)).filter(({ id }) => !seen.has(id) && !deliveries.has(id));
    for (const row of [...recent, ...older, ...waiting]) {
      const version = `${row.state} ${row.attemptCount} ${row.reason ?? ''}`;
      if (deliveries.get(row.id)?.version === version) continue;
      // Set anew at the end: what changed last is forgotten last.
      deliveries.delete(row.id);
      deliveries.set(row.id, { version, open: !isTerminal(row.state) });
      events.push(deliveryEvent(row, nowMs));
    }
    if (Math.abs(nowMs - queuesAtMs) >= QUEUES_EVERY_MS) {
      queuesAtMs = nowMs;
      events.push(...(await alertEvents(nowMs)), ...(await queueEvents(nowMs)));
    }
    lookedAtMs = nowMs;
    forget(messages, REMEMBERED_MAX);
    forget(deliveries, REMEMBERED_MAX);
    return events;
  }

  /** Alerts by their last change; the first look only learns them. */
  async function alertEvents(nowMs: number): Promise<FeedEvent[]> {
    const changed = await alertStore.since((lookedAtMs || nowMs) - QUEUES_EVERY_MS - OVERLAP_MS, ALERTS_MAX);
    const fresh = changed.filter(({ id, updatedAt }) => alerts.get(id) !== updatedAt.getTime());
    for (const { id, updatedAt } of fresh) alerts.set(id, updatedAt.getTime());
    forget(alerts, REMEMBERED_MAX);
    return fresh.map((alert) => ({ event: 'alert', data: { ...presentAlert(alert), at: alert.updatedAt.toISOString() } }));
  }

  async function queueEvents(nowMs: number): Promise<FeedEvent[]> {
    const changed: FeedEvent[] = [];
    for (const view of await queueViews(deps.db, await queueFigures(deps.db, nowMs))) {
      const text = JSON.stringify(view);
      if (queues.get(view.spoke) === text) continue;
      queues.set(view.spoke, text);
      changed.push({ event: 'queue', data: { id: view.spoke, at: new Date(nowMs).toISOString(), ...view } });
    }
    forget(queues, REMEMBERED_MAX);
    return changed;
  }

  function poll(): Promise<void> {
    polling ??= look()
      .then((events) => {
        for (const listener of listeners) listener(events, lookedAtMs);
      })
      .finally(() => {
        polling = null;
      });
    return polling;
  }

  function plan(): void {
    if (timer !== null || listeners.size === 0) return;
    timer = setTimeout(() => {
      timer = null;
      poll()
        .catch((error: unknown) => deps.logger.warn({ reason: messageOf(error) }, 'changes not read'))
        .finally(plan);
    }, EVERY_MS).unref();
  }

  function stop(): void {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    for (const memory of [messages, deliveries, queues, alerts]) memory.clear();
    lookedAtMs = 0;
    queuesAtMs = 0;
  }

  return {
    async watch(listener, sinceMs) {
      // The first look only learns what is there already; those who watch are told of what comes after it.
      if (lookedAtMs === 0) await poll();
      listeners.add(listener);
      plan();
      try {
        if (sinceMs !== null) listener(await changesSince(deps, sinceMs), lookedAtMs);
      } catch (error) {
        unwatch(listener);
        throw error;
      }
      return () => unwatch(listener);
    },
    poll,
    close() {
      listeners.clear();
      stop();
    },
  };

  function unwatch(listener: FeedListener): void {
    listeners.delete(listener);
    if (listeners.size === 0) stop();
  }
}

/** What a watcher missed: the newest messages and recent deliveries touched since. */
async function changesSince({ db, clock }: FeedDeps, sinceMs: number): Promise<FeedEvent[]> {
  const nowMs = clock.now();
  const from = sinceMs - OVERLAP_MS;
  const accepted = await messagesSince(db, from, MESSAGES_MAX);
  const recent = await deliveriesSince(db, from - DELIVERIES_MS, DELIVERIES_MAX);
  const touched = recent.filter(({ createdAt, finishedAt }) => (finishedAt ?? createdAt).getTime() >= from);
  return [...accepted.map(messageEvent), ...touched.map((row) => deliveryEvent(row, nowMs))];
}

function messageEvent({ id, receivedAt, source, type, unrouted }: MessageChange): FeedEvent {
  return { event: 'message', data: { id, at: receivedAt.toISOString(), source, type, unrouted } };
}

function deliveryEvent(
  { id, messageId, route, spoke, state, reason, attemptCount, finishedAt }: DeliveryVersion,
  nowMs: number,
): FeedEvent {
  const at = (finishedAt ?? new Date(nowMs)).toISOString();
  return { event: 'delivery', data: { id, at, messageId, route, spoke, state, reason, attemptCount } };
}

function forget(memory: Set<string> | Map<string, unknown>, max: number): void {
  for (const key of memory.keys()) {
    if (memory.size <= max) return;
    memory.delete(key);
  }
}
