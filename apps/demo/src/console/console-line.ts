/** One fact as one aligned line: when, state, what, who, where to, how long. */
import type { DeliveryFact } from '../watch/watcher.ts';

export type Tone = 'good' | 'waiting' | 'held' | 'bad' | 'muted' | 'plain';

export interface ConsoleLine {
  icon: string;
  tone: Tone;
  what: string;
  who: string;
  /** What it led to; empty for remarks. */
  target: string;
  note: string;
}

const WIDTHS = { what: 15, who: 34, target: 33 } as const;
const SPOKE_NAMES: Readonly<Record<string, string>> = {
  ...{ erp: 'ERP', crm: 'CRM', directory: 'directory', messenger: 'messenger' },
  ...{ pohoda: 'Pohoda', hubspot: 'HubSpot', 'active-directory': 'Active Directory' },
};
const ICONS = { succeeded: '✓', retrying: '↻', dead: '✕', held: '❚❚', skipped: '–', cancelled: '–', unknown: '?' } as const;
const TONES = {
  succeeded: 'good',
  retrying: 'waiting',
  dead: 'bad',
  held: 'held',
  skipped: 'muted',
  cancelled: 'muted',
  unknown: 'held',
} as const;

/** The line of a fact about a delivery. @param nowMs for "retry in 3 s" */
export function deliveryLine(fact: DeliveryFact, nowMs: number): ConsoleLine {
  const { state, subject, delivery } = fact;
  const target = `${SPOKE_NAMES[delivery.spoke] ?? delivery.spoke} ${subject.targets[delivery.route] ?? delivery.step}`;
  return { icon: ICONS[state], tone: TONES[state], what: subject.what, who: subject.who, target, note: noteOf(fact, nowMs) };
}

function noteOf({ state, delivery, attempt }: DeliveryFact, nowMs: number): string {
  const made = delivery.attempts.find(({ number }) => number === attempt);
  if (state === 'succeeded') {
    const total = duration(Date.parse(delivery.finishedAt ?? delivery.createdAt) - Date.parse(delivery.createdAt));
    return attempt > 1 ? `${total}, attempt ${attempt}` : total;
  }
  if (state === 'retrying') {
    const waitMs = delivery.nextAttemptAt === null || attempt !== delivery.attemptCount ? 0 : Date.parse(delivery.nextAttemptAt) - nowMs;
    return `${made?.detail ?? 'failed'}, retry ${waitMs > 50 ? `in ${duration(waitMs)}` : 'now'}`;
  }
  if (state === 'dead') return `dead after ${attempt} attempts (${made?.detail ?? delivery.reason ?? 'failed'})`;
  if (state === 'held') return `held by ${delivery.heldBy ?? 'the hub'}`;
  return delivery.reason ?? state;
}

/** Text with the columns under each other; pure, so that width is the only thing to decide here. @param atMs since the start of the run */
export function layOut(line: ConsoleLine, atMs: number): { clock: string; icon: string; rest: string } {
  const { icon, what, who, target, note } = line;
  const main = `${pad(what, WIDTHS.what)} ${pad(who, WIDTHS.who)} ${target === '' ? '' : `→ ${pad(target, WIDTHS.target)} `}${note}`;
  return { clock: clock(atMs).padStart(5), icon: icon.padEnd(2), rest: main.trimEnd() };
}

/** "12 ms", "3.1 s", "2 min". */
export function duration(ms: number): string {
  if (ms < 1_000) return `${Math.max(0, Math.round(ms))} ms`;
  return ms < 60_000 ? `${(ms / 1_000).toFixed(1).replace(/\.0$/, '')} s` : `${Math.round(ms / 60_000)} min`;
}

function clock(ms: number): string {
  const seconds = Math.floor(ms / 1_000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

function pad(text: string, width: number): string {
  const letters = [...text.normalize('NFC')];
  return letters.length > width ? `${letters.slice(0, width - 1).join('')}…` : letters.join('') + ' '.repeat(width - letters.length);
}
