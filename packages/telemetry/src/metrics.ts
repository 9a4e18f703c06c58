/** Prometheus metrics of one process. Labels are spokes and outcomes: bounded sets, never ids or data. */
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

export interface QueueFigures {
  spoke: string;
  state: string;
  count: number;
  oldestSeconds: number | null;
}

export interface FiringAlerts {
  rule: string;
  severity: string;
  count: number;
}

export interface Metrics {
  accepted(spoke: string, duplicate: boolean): void;
  mismatch(spoke: string): void;
  refused(spoke: string): void;
  /** A message that was refused unread because of the load. */
  shed(reason: string): void;
  delivered(spoke: string, outcome: string, seconds: number): void;
  breakerOpened(spoke: string): void;
  /** A call of a reply route, answered from the spoke, from memory or with a problem. */
  called(route: string, outcome: string, seconds: number): void;
  /** A turn of a poll that ended. */
  polled(spoke: string, poll: string, result: string): void;
  /** Text in Prometheus exposition format, with its content type. */
  render(): Promise<{ contentType: string; body: string }>;
}

/** prom-client samples every 10 ms unless told otherwise, and waking an idle process a hundred times a second takes most of a percent of a core. */
const LOOP_SAMPLE_MS = 50;

/** @param queues, alerts, breakers figures asked for when somebody scrapes; a failure leaves them out */
export function createMetrics(
  queues: () => Promise<readonly QueueFigures[]>,
  alerts: () => Promise<readonly FiringAlerts[]> = async () => [],
  breakers: () => Promise<readonly string[]> = async () => [],
): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: LOOP_SAMPLE_MS });
  const registers = [registry];
  const accepted = new Counter({ name: 'nave_messages_accepted_total', help: 'Messages committed', labelNames: ['spoke'], registers });
  const duplicates = new Counter({
    name: 'nave_messages_duplicate_total',
    help: 'Repeats answered with the first id',
    labelNames: ['spoke'],
    registers,
  });
  const mismatches = new Counter({
    name: 'nave_idempotency_mismatch_total',
    help: 'Repeats that carried another body',
    labelNames: ['spoke'],
    registers,
  });
  const refused = new Counter({
    name: 'nave_ingress_refused_total',
    help: 'Calls with a bad signature or key',
    labelNames: ['spoke'],
    registers,
  });
  const shed = new Counter({
    name: 'nave_ingress_shed_total',
    help: 'Messages refused unread because of the load',
    labelNames: ['reason'],
    registers,
  });
  const deliveries = new Counter({
    name: 'nave_deliveries_total',
    help: 'Attempts by outcome',
    labelNames: ['spoke', 'outcome'],
    registers,
  });
  const seconds = new Histogram({
    name: 'nave_delivery_seconds',
    help: 'Duration of attempts',
    labelNames: ['spoke'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
    registers,
  });
  const calls = new Counter({ name: 'nave_calls_total', help: 'Calls of reply routes', labelNames: ['route', 'outcome'], registers });
  const callSeconds = new Histogram({
    name: 'nave_call_seconds',
    help: 'Duration of calls of reply routes',
    labelNames: ['route'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60],
    registers,
  });
  const depth = new Gauge({ name: 'nave_queue_depth', help: 'Deliveries by state', labelNames: ['spoke', 'state'], registers });
  const oldest = new Gauge({
    name: 'nave_queue_oldest_seconds',
    help: 'Age of the longest waiting delivery',
    labelNames: ['spoke'],
    registers,
  });
  const opened = new Counter({
    name: 'nave_breaker_opened_total',
    help: 'Breakers that this process opened',
    labelNames: ['spoke'],
    registers,
  });
  const polls = new Counter({
    name: 'nave_polls_total',
    help: 'Turns of polls by result',
    labelNames: ['spoke', 'poll', 'result'],
    registers,
  });
  const broken = new Gauge({ name: 'nave_breaker_open', help: 'Spokes whose breaker is not closed', labelNames: ['spoke'], registers });
  const firing = new Gauge({ name: 'nave_alerts_firing', help: 'Alerts that fire', labelNames: ['rule', 'severity'], registers });
  return {
    accepted: (spoke, duplicate) => (duplicate ? duplicates : accepted).inc({ spoke }),
    mismatch: (spoke) => mismatches.inc({ spoke }),
    refused: (spoke) => refused.inc({ spoke }),
    shed: (reason) => shed.inc({ reason }),
    delivered(spoke, outcome, duration) {
      deliveries.inc({ spoke, outcome });
      seconds.observe({ spoke }, duration);
    },
    called(route, outcome, duration) {
      calls.inc({ route, outcome });
      callSeconds.observe({ route }, duration);
    },
    breakerOpened: (spoke) => opened.inc({ spoke }),
    polled: (spoke, poll, result) => polls.inc({ spoke, poll, result }),
    async render() {
      depth.reset();
      oldest.reset();
      for (const { spoke, state, count, oldestSeconds } of await queues().catch(() => [])) {
        depth.set({ spoke, state }, count);
        if (oldestSeconds !== null) oldest.set({ spoke }, oldestSeconds);
      }
      broken.reset();
      for (const spoke of await breakers().catch(() => [])) broken.set({ spoke }, 1);
      firing.reset();
      for (const { rule, severity, count } of await alerts().catch(() => [])) firing.set({ rule, severity }, count);
      return { contentType: registry.contentType, body: await registry.metrics() };
    },
  };
}
