/** Reads Stripe's bracketed forms back into objects; refuses what Stripe would refuse. */
import type { Fields } from './objects.ts';

const NAME = /^([A-Za-z0-9_]+)((?:\[[^[\]]*\])*)$/;

/** Lists come back as objects with the keys `0`, `1`, ...; null for names that are no bracket notation. */
export function formTree(text: string): Fields | null {
  const root: Record<string, unknown> = {};
  for (const [name, value] of new URLSearchParams(text)) {
    const match = NAME.exec(name);
    if (match === null) return null;
    const keys = [match[1] ?? '', ...[...(match[2] ?? '').matchAll(/\[([^[\]]*)\]/g)].map(([, key = '']) => key)];
    let place = root;
    for (const key of keys.slice(0, -1)) {
      const next = place[key];
      const child: Record<string, unknown> = isTree(next) ? next : {};
      place[key] = child;
      place = child;
    }
    place[keys.at(-1) ?? ''] = value;
  }
  return root;
}

function isTree(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
