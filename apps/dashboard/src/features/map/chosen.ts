/** What is chosen on the map, as it stands in the URL (`select=erp`, `select=route:orders`), and which links are about something else then. */
import type { MapModel } from './map-model.ts';
import type { Strand } from './map-strands.ts';

export interface Chosen {
  kind: 'spoke' | 'route';
  name: string;
}

const ROUTE = 'route:';

export function chosenOf(select: string | undefined): Chosen | null {
  if (select === undefined || select === '') return null;
  return select.startsWith(ROUTE) ? { kind: 'route', name: select.slice(ROUTE.length) } : { kind: 'spoke', name: select };
}

export function chosenText({ kind, name }: Chosen): string {
  return kind === 'route' ? `${ROUTE}${name}` : name;
}

/** A chosen system shows the whole way of all its routes, a chosen route its own. */
export function isAside({ routes: run }: Pick<Strand, 'routes'>, chosen: Chosen | null, { routes }: Pick<MapModel, 'routes'>): boolean {
  if (chosen === null) return false;
  if (chosen.kind === 'route') return !run.includes(chosen.name);
  return !routes.some(({ name, from, targets }) => run.includes(name) && (from === chosen.name || targets.includes(chosen.name)));
}
