/** Lists and searches of the simulated Stripe: newest first, cursors by id. */
import type { SimulatedError, StripeObject } from './objects.ts';

export type Page = { ok: true; body: Record<string, unknown> } | { ok: false; error: SimulatedError };

/**
 * @param oldestFirst in the order of their making
 * @param query parameters of the request
 */
export function pageOf(oldestFirst: readonly StripeObject[], query: URLSearchParams, url: string): Page {
  const limit = Math.min(100, Math.max(1, Number(query.get('limit') ?? 10)));
  const types = [...query].filter(([name]) => /^types\[\d*\]$/.test(name)).map(([, value]) => value);
  const gte = query.get('created[gte]');
  const all = oldestFirst
    .filter(({ created }) => gte === null || created >= Number(gte))
    .filter(({ type }) => types.length === 0 || types.some((wanted) => matches(wanted, String(type))))
    .filter((each) => ['payment_intent', 'customer', 'invoice'].every((name) => query.get(name) === null || each[name] === query.get(name)))
    // A later event may carry an earlier time: Stripe sorts by time.
    .toSorted((a, b) => b.created - a.created || oldestFirst.indexOf(b) - oldestFirst.indexOf(a));
  const after = query.get('starting_after');
  const before = query.get('ending_before');
  for (const [param, id] of [
    ['starting_after', after],
    ['ending_before', before],
  ] as const)
    if (id !== null && !all.some((each) => each.id === id))
      return {
        ok: false,
        error: { status: 400, type: 'invalid_request_error', code: 'resource_missing', param, message: `No such object: '${id}'` },
      };
  const place = all.findIndex(({ id }) => id === (before ?? after));
  const start = before !== null ? Math.max(0, place - limit) : after !== null ? place + 1 : 0;
  const data = before !== null ? all.slice(start, place) : all.slice(start, start + limit);
  const more = before !== null ? start > 0 : start + limit < all.length;
  return { ok: true, body: { object: 'list', url, has_more: more, data } };
}

/** The part of Stripe's search language that the tag of a delivery needs: `metadata['key']:'value'` and `field:'value'`. */
export function searchOf(objects: readonly StripeObject[], query: string): Record<string, unknown> | null {
  const [, tag, field, value = ''] = /^(?:metadata\['([A-Za-z0-9_]+)'\]|([a-z_]+)):'([^']*)'$/.exec(query) ?? [];
  if (tag === undefined && field === undefined) return null;
  const data = objects.filter((each) => {
    const { metadata } = each;
    if (field !== undefined) return each[field] === value;
    return typeof metadata === 'object' && metadata !== null && tag !== undefined && Reflect.get(metadata, tag) === value;
  });
  return { object: 'search_result', has_more: false, next_page: null, data };
}

function matches(pattern: string, type: string): boolean {
  return pattern.endsWith('*') ? type.startsWith(pattern.slice(0, -1)) : pattern === type;
}
