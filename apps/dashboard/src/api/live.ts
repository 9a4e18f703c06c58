/**
 * What happens on the hub, as it happens (`GET /api/v1/stream`). Events are collected and handed out at most ten times a second, however many come; what a busy hub
 * sends in between is bounded, and the oldest are left out first. One connection for the whole page, closed when the page is hidden for long.
 */
import type { AlertEvent, DeliveryEvent, MessageEvent, QueueEvent } from '@nave/api-schema';
import { type QueryKey, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useSyncExternalStore } from 'react';

export interface LiveBatch {
  messages: MessageEvent[];
  deliveries: DeliveryEvent[];
  queues: QueueEvent[];
  alerts: AlertEvent[];
  /** Events left out because there were too many. */
  dropped: number;
}

/** `off`: nobody listens. `broken`: the connection was lost and is being opened again. */
export type LiveState = 'off' | 'connecting' | 'open' | 'broken';

const FLUSH_MS = 100;
const BATCH_MAX = 500;
const HIDDEN_MS = 60_000;

const empty = (): LiveBatch => ({ messages: [], deliveries: [], queues: [], alerts: [], dropped: 0 });

const listeners = new Set<(batch: LiveBatch) => void>();
const watchers = new Set<() => void>();
let source: EventSource | null = null;
let state: LiveState = 'off';
let batch = empty();
let flushTimer: number | null = null;
let hiddenTimer: number | null = null;

/** Calls back with what happened, at most ten times a second, while the component is shown. */
export function useLive(onBatch: (batch: LiveBatch) => void): void {
  const latest = useRef(onBatch);
  useEffect(() => {
    latest.current = onBatch;
  });
  useEffect(() => listen((each) => latest.current(each)), []);
}

export function useLiveState(): LiveState {
  return useSyncExternalStore(
    (watcher) => {
      watchers.add(watcher);
      return () => watchers.delete(watcher);
    },
    () => state,
  );
}

/**
 * Reads a query again after something of a kind happened, at most once in `everyMs`, and once after a connection came back.
 * @param key first elements of the keys to read again
 */
export function useLiveRefresh(key: QueryKey, kinds: readonly Exclude<keyof LiveBatch, 'dropped'>[], everyMs: number): void {
  const queries = useQueryClient();
  const timer = useRef<number | null>(null);
  const last = useRef(0);
  const connection = useLiveState();
  const refresh = () => {
    if (timer.current !== null) return;
    const waitMs = Math.max(0, last.current + everyMs - performance.now());
    timer.current = window.setTimeout(() => {
      timer.current = null;
      last.current = performance.now();
      void queries.invalidateQueries({ queryKey: key });
    }, waitMs);
  };
  useLive((each) => {
    if (kinds.some((kind) => each[kind].length > 0)) refresh();
  });
  useEffect(() => {
    if (connection === 'open' && last.current > 0) void queries.invalidateQueries({ queryKey: [key[0]] });
  }, [connection, queries, key[0]]);
  useEffect(
    () => () => {
      if (timer.current !== null) window.clearTimeout(timer.current);
      timer.current = null;
    },
    [],
  );
}

function listen(listener: (batch: LiveBatch) => void): () => void {
  listeners.add(listener);
  if (listeners.size === 1) {
    document.addEventListener('visibilitychange', visible);
    open();
  }
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    document.removeEventListener('visibilitychange', visible);
    close('off');
  };
}

function visible(): void {
  if (hiddenTimer !== null) window.clearTimeout(hiddenTimer);
  hiddenTimer = null;
  if (document.visibilityState === 'hidden') hiddenTimer = window.setTimeout(() => close('off'), HIDDEN_MS);
  else if (source === null) open();
}

function open(): void {
  change('connecting');
  const opened = new EventSource('/api/v1/stream?frames=batches');
  source = opened;
  opened.onopen = () => change('open');
  opened.onerror = () => {
    change('broken');
    // The browser opens a broken connection again by itself, but not one that was refused.
    if (opened.readyState === EventSource.CLOSED && source === opened) {
      source = null;
      window.setTimeout(() => source === null && listeners.size > 0 && open(), 5_000);
    }
  };
  opened.addEventListener('batch', ({ data }) => take(String(data)));
}

function close(next: LiveState): void {
  source?.close();
  source = null;
  change(next);
}

function change(next: LiveState): void {
  if (state === next) return;
  state = next;
  for (const watcher of watchers) watcher();
}

type Told =
  | { event: 'message'; data: MessageEvent }
  | { event: 'delivery'; data: DeliveryEvent }
  | { event: 'queue'; data: QueueEvent }
  | { event: 'alert'; data: AlertEvent };

/** @param text what happened at once, as JSON: many a second are much quicker to take together than one by one */
function take(text: string): void {
  let told: Told[];
  try {
    told = JSON.parse(text);
  } catch {
    return;
  }
  for (const { event, data } of told) {
    if (event === 'message') keep(batch.messages, data);
    else if (event === 'delivery') keep(batch.deliveries, data);
    else if (event === 'queue') keep(batch.queues, data);
    else if (event === 'alert') keep(batch.alerts, data);
  }
  if (flushTimer === null) flushTimer = window.setTimeout(flush, FLUSH_MS);
}

function keep<T>(list: T[], one: T): void {
  if (list.length >= BATCH_MAX) {
    list.shift();
    batch.dropped += 1;
  }
  list.push(one);
}

function flush(): void {
  flushTimer = null;
  const full = batch;
  batch = empty();
  for (const listener of [...listeners]) listener(full);
}
