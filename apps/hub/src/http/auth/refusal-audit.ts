/**
 * Audit entries for refused credentials. Identical ones within a second become one entry with a count: a flood of them must not flood the audit. While one
 * goes on, the second becomes a quarter of a minute.
 */
import { type Clock, type Logger, messageOf } from '@nave/core';
import type { AuditEntry } from '@nave/store';

export interface Refusal {
  /** `key:<name>`, `sender:<spoke>` or `address:<peer>` for credentials nobody knows. */
  actor: string;
  /** E.g. `auth.refused`. */
  action: string;
  subject: string;
  /** Error code and, at most, a short reason: never the credential. */
  detail: Readonly<Record<string, string | number | boolean>>;
}

export interface RefusalAudit {
  /** Takes note; written within a second, in a flood within 15. */
  note(refusal: Refusal): void;
  /** Writes what is noted. */
  flush(): Promise<void>;
}

export interface RefusalAuditOptions {
  write: (entries: readonly AuditEntry[]) => Promise<void>;
  clock: Clock;
  logger: Logger;
}

const COLLAPSE_MS = 1_000;
const COLLAPSE_MS_MAX = 15_000;
/** Refusals per second that are a flood. */
const FLOOD_PER_SECOND = 20;
/** Different refusals kept apart within one second; the rest are counted together. */
const DISTINCT_MAX = 500;

export function createRefusalAudit({ write, clock, logger }: RefusalAuditOptions): RefusalAudit {
  let noted = new Map<string, { entry: AuditEntry; count: number }>();
  let timer: NodeJS.Timeout | null = null;
  let collapseMs = COLLAPSE_MS;

  async function flush(): Promise<void> {
    if (timer) clearTimeout(timer);
    timer = null;
    const batch = [...noted.values()];
    noted = new Map();
    const refused = batch.reduce((sum, { count }) => sum + count, 0);
    collapseMs = refused * 1_000 > FLOOD_PER_SECOND * collapseMs ? Math.min(COLLAPSE_MS_MAX, collapseMs * 2) : COLLAPSE_MS;
    if (batch.length === 0) return;
    await write(batch.map(({ entry, count }) => ({ ...entry, detail: { ...entry.detail, count } })));
  }

  return {
    note(refusal) {
      const exact = JSON.stringify([refusal.actor, refusal.action, refusal.subject, refusal.detail]);
      const full = noted.size >= DISTINCT_MAX && !noted.has(exact);
      const key = full ? `other ${refusal.action}` : exact;
      const known = noted.get(key);
      if (known) known.count += 1;
      else if (full) noted.set(key, { entry: { ...refusal, actor: 'many', subject: 'many', detail: {}, atMs: clock.now() }, count: 1 });
      else noted.set(key, { entry: { ...refusal, atMs: clock.now() }, count: 1 });
      timer ??= setTimeout(() => {
        flush().catch((error: unknown) => logger.error({ reason: messageOf(error) }, 'refusals not audited'));
      }, collapseMs).unref();
    },
    flush,
  };
}
