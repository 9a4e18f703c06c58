/** What a 409 of a deletion says is still in the way. */
import type { Problem } from '@nave/api-schema';

export interface References {
  /** Open deliveries; null: it does not say. */
  deliveries: number | null;
  /** Names of routes and alert rules, each once. */
  routes: string[];
  alerts: string[];
}

export function referencesIn({ errors = [] }: Pick<Problem, 'errors'>): References {
  const named = (group: string) => [
    ...new Set(
      errors.flatMap(({ path }) => {
        const [, first, name] = path.split('/');
        return first === group && name !== undefined && name !== '' ? [name.replaceAll('~1', '/').replaceAll('~0', '~')] : [];
      }),
    ),
  ];
  const open = errors.find(({ path }) => path === '/deliveries')?.message.match(/^\d+/)?.[0];
  return { deliveries: open === undefined ? null : Number(open), routes: named('routes'), alerts: named('alerts') };
}
