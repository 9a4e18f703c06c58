/** The poll `events`: what webhooks brought, once more, as a back-stop for what they lost (docs.stripe.com/api/events/list). */
import { isJsonObject, type PolledItem, type PollPage, type PollStart } from '@nave/adapter-kit';
import type { Outcome } from '@nave/core';
import { formText } from '../form-fields.ts';
import { judgeStripe, parseJson, stripeErrorOf } from '../judge.ts';
import { type EventsCursor, readCursor, writeCursor } from './cursor.ts';

export interface EventsQuery {
  cursor: string | null;
  limit: number;
  from: PollStart;
  types: readonly string[];
  overlapSeconds: number;
}

interface StripeEvent {
  id: string;
  type: string;
  created: number;
  whole: unknown;
}

interface EventPage {
  /** Newest first, as Stripe has them. */
  events: StripeEvent[];
  more: boolean;
  /** Stripe's time of the answer, in seconds; null where it tells none. */
  at: number | null;
}

const PAGE_MAX = 100;
const IDLE: EventsCursor = { since: null, floor: null, skip: [], phase: { name: 'idle' } };

/** @param ask one GET; path and query */
export async function pollEvents(ask: (target: string) => Promise<Outcome>, query: EventsQuery): Promise<PollPage> {
  const limit = Math.max(1, Math.min(PAGE_MAX, query.limit));
  const list = (cursor: EventsCursor, place: Record<string, string>) => listEvents(ask, query.types, limit, cursor.since, place);
  if (query.cursor === null && query.from === 'now') {
    // As many as may be of the newest second: they are not taken, but must be known.
    const page = await listEvents(ask, query.types, PAGE_MAX, null, {});
    return page.ok ? pageOf(startAt(page), [], false) : page;
  }
  const cursor = query.cursor === null ? IDLE : readCursor(query.cursor);
  if (cursor === null) return failed('the cursor of the poll cannot be read');
  const { phase } = cursor;
  const page = await list(cursor, placeOf(phase));
  if (!page.ok) {
    // The event that marked the place is older than Stripe keeps them: begin the turn anew, at the next interval.
    const gone = phase.name !== 'idle' && page.outcome.status !== null && isGone(page.outcome);
    return gone ? pageOf({ ...cursor, phase: { name: 'idle' } }, [], false) : page;
  }
  const { events, more } = page;
  const newest = events[0];
  const last = events.at(-1);
  if (phase.name === 'climb') {
    const reached = newestOf(events, phase.newest);
    if (more && newest !== undefined)
      return pageOf({ ...cursor, phase: { name: 'climb', above: newest.id, newest: reached } }, itemsOf(events, cursor), true);
    return pageOf(rest(cursor, reached, page, query), itemsOf(events, cursor), false);
  }
  if (phase.name === 'seek' && events.length === 0 && !phase.oldest)
    // What was older went out of Stripe's memory meanwhile: the page before is the last one.
    return pageOf({ ...cursor, phase: { name: 'seek', after: phase.back, back: null, oldest: true } }, [], true);
  if (more && last !== undefined && !(phase.name === 'seek' && phase.oldest)) {
    const back = phase.name === 'seek' ? phase.after : null;
    return pageOf({ ...cursor, phase: { name: 'seek', after: last.id, back, oldest: false } }, [], true);
  }
  if (phase.name === 'seek' && newest !== undefined)
    return pageOf({ ...cursor, phase: { name: 'climb', above: newest.id, newest: newestOf(events, 0) } }, itemsOf(events, cursor), true);
  return pageOf(rest(cursor, newestOf(events, 0), page, query), itemsOf(events, cursor), false);
}

/** Nothing of what is there: the newest second, without the events it has already. */
function startAt({ events }: EventPage): EventsCursor {
  const newest = newestOf(events, 0);
  if (events.length === 0) return IDLE;
  return { ...IDLE, since: newest, floor: newest, skip: events.filter(({ created }) => created >= newest).map(({ id }) => id) };
}

/**
 * The cursor after everything was seen. Events of a test clock may lie ahead of the present: what counts is at most Stripe's time of the answer, or all that
 * happens before that clock is reached would be passed over.
 */
function rest(cursor: EventsCursor, newest: number, { at }: EventPage, { overlapSeconds }: EventsQuery): EventsCursor {
  const seen = Math.min(newest, at ?? newest);
  const since = Math.max(cursor.since ?? 0, cursor.floor ?? 0, seen - overlapSeconds);
  // Beyond the second it began at, what was there then cannot come any more.
  const skip = cursor.floor !== null && since <= cursor.floor ? cursor.skip : [];
  return { since: newest === 0 ? cursor.since : since, floor: cursor.floor, skip, phase: { name: 'idle' } };
}

function placeOf(phase: EventsCursor['phase']): Record<string, string> {
  if (phase.name === 'climb') return { ending_before: phase.above };
  return phase.name === 'seek' && phase.after !== null ? { starting_after: phase.after } : {};
}

/** Oldest first. */
function itemsOf(events: readonly StripeEvent[], { skip }: EventsCursor): PolledItem[] {
  return events
    .filter(({ id }) => !skip.includes(id))
    .map(({ id, type, whole }) => ({ type, data: whole, idempotencyKey: id }))
    .reverse();
}

function newestOf(events: readonly StripeEvent[], before: number): number {
  return events.reduce((latest, { created }) => Math.max(latest, created), before);
}

async function listEvents(
  ask: (target: string) => Promise<Outcome>,
  types: readonly string[],
  limit: number,
  since: number | null,
  place: Record<string, string>,
): Promise<({ ok: true } & EventPage) | { ok: false; outcome: Outcome }> {
  const form = formText({
    limit,
    ...(since === null ? {} : { created: { gte: since } }),
    ...(types.length === 0 ? {} : { types: [...types] }),
    ...place,
  });
  const outcome = judgeStripe(await ask(`/v1/events?${form.ok ? form.text : ''}`), { method: 'GET', idempotent: 'always' });
  if (outcome.kind !== 'ok' || outcome.response === undefined) return { ok: false, outcome };
  const answer = parseJson(outcome.response.body);
  const data = isJsonObject(answer) ? answer['data'] : null;
  if (!isJsonObject(answer) || !Array.isArray(data)) return failed('the list of events cannot be read');
  const events = data.map(eventOf);
  if (!events.every((event) => event !== null)) return failed('an event without id, type and time');
  const date = Date.parse(outcome.response.headers['date'] ?? '');
  return { ok: true, events, more: answer['has_more'] === true, at: Number.isNaN(date) ? null : Math.floor(date / 1_000) };
}

function eventOf(whole: unknown): StripeEvent | null {
  if (!isJsonObject(whole)) return null;
  const { id, type, created } = whole;
  return typeof id === 'string' && typeof type === 'string' && typeof created === 'number' ? { id, type, created, whole } : null;
}

function isGone({ response }: Outcome): boolean {
  const error = response === undefined ? null : stripeErrorOf(response.body);
  return error?.code === 'resource_missing' && /^(starting_after|ending_before)$/.test(error.param);
}

function pageOf(cursor: EventsCursor, items: readonly PolledItem[], more: boolean): PollPage {
  return { ok: true, items, cursor: writeCursor(cursor), more };
}

function failed(detail: string): { ok: false; outcome: Outcome } {
  return { ok: false, outcome: { kind: 'invalid', status: null, detail, sent: true } };
}
