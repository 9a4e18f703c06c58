/** The filter of the list as it stands in the URL, and which of it live events can answer by themselves. */
import type { MessageEvent } from '@nave/api-schema';

export type MessageSearch = Partial<Record<'q' | 'spoke' | 'type' | 'state' | 'route' | 'error' | 'from' | 'to' | 'view' | 'live', string>>;
export type MessageFilter = Partial<Record<(typeof FILTERS)[number], string>>;

export const FILTERS = ['q', 'spoke', 'type', 'state', 'route', 'error', 'from', 'to'] as const;

/** Only what narrows the list, in one order, so that it can be a key. */
export function filterOf(search: MessageSearch): MessageFilter {
  const filter: MessageFilter = {};
  for (const name of FILTERS) {
    const value = search[name]?.trim();
    if (value) filter[name] = value;
  }
  return filter;
}

const SPAN = /^(\d{1,4})(m|h|d)$/;
const SPAN_MS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };

/** `1h` means the last hour, anything else is a time. @param nowMs milliseconds since the epoch */
export function momentOf(value: string | undefined, nowMs: number): string | undefined {
  const span = SPAN.exec(value ?? '');
  if (span === null) return value;
  return new Date(nowMs - Number(span[1]) * (SPAN_MS[span[2] ?? ''] ?? 0)).toISOString();
}

/** What the API is asked. @param nowMs what spans such as `1h` are counted from */
export function queryOf({ from, to, ...filter }: MessageFilter, nowMs: number): MessageFilter {
  const [after, before] = [momentOf(from, nowMs), momentOf(to, nowMs)];
  return { ...filter, ...(after === undefined ? {} : { from: after }), ...(before === undefined ? {} : { to: before }) };
}

/** Whether events tell which new messages belong into the list: they know source and type, no keys, states or routes. */
export function eventsAnswer({ q, state, route, error, to }: MessageFilter): boolean {
  return [q, state, route, error, to].every((value) => value === undefined);
}

/** Without a choice in the URL the list is live where events can answer it. A list with an end cannot be. */
export function isLive(search: MessageSearch): boolean {
  if (search.to !== undefined) return false;
  return search.live === undefined ? eventsAnswer(filterOf(search)) : search.live === '1';
}

/** Whether a new message belongs into the list, as far as its event tells. */
export function takes({ spoke, type }: MessageFilter): (event: Pick<MessageEvent, 'source' | 'type'>) => boolean {
  const spokes = spoke === undefined ? null : new Set(words(spoke));
  const patterns = type === undefined ? null : words(type).map(typePattern);
  return (event) => (spokes?.has(event.source) ?? true) && (patterns?.some((pattern) => pattern.test(event.type)) ?? true);
}

function words(text: string): string[] {
  return text
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '');
}

/** `*` is one segment, `**` any number (contract, section 5, A route). */
function typePattern(pattern: string): RegExp {
  const source = pattern
    .split('.')
    .map((segment) => (segment === '**' ? '\u0000' : segment === '*' ? '[^.]+' : segment.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&')))
    .join('\\.')
    .replaceAll('\u0000\\.', '(?:[^.]+\\.)*')
    .replaceAll('\\.\u0000', '(?:\\.[^.]+)*')
    .replaceAll('\u0000', '.*');
  return new RegExp(`^${source}$`);
}
