/** Routes by spoke and type: exact types by lookup, patterns one by one, the answer remembered per type. */
import { compileTypePattern, isExactType, type TypeMatcher } from '@nave/core';
import type { CompiledRoute } from '@nave/pipeline';

export interface RoutingTable {
  match(spoke: string, type: string): readonly CompiledRoute[];
}

interface SpokeRoutes {
  exact: Map<string, CompiledRoute[]>;
  patterns: { matches: TypeMatcher; route: CompiledRoute }[];
  remembered: Map<string, readonly CompiledRoute[]>;
}

/** Types of one spoke whose answer is remembered; types come from senders, so their number must be bounded. */
const REMEMBERED_MAX = 1_000;
const NONE: readonly CompiledRoute[] = [];

export function createRoutingTable(routes: readonly CompiledRoute[]): RoutingTable {
  const bySpoke = new Map<string, SpokeRoutes>();
  for (const route of routes) {
    const { spoke, type } = route.definition.from;
    const entry: SpokeRoutes = bySpoke.get(spoke) ?? { exact: new Map(), patterns: [], remembered: new Map() };
    bySpoke.set(spoke, entry);
    if (isExactType(type)) entry.exact.set(type, [...(entry.exact.get(type) ?? []), route]);
    else entry.patterns.push({ matches: compileTypePattern(type), route });
  }
  return {
    match(spoke, type) {
      const entry = bySpoke.get(spoke);
      if (entry === undefined) return NONE;
      const known = entry.remembered.get(type);
      if (known !== undefined) return known;
      const found = [...(entry.exact.get(type) ?? []), ...entry.patterns.filter(({ matches }) => matches(type)).map(({ route }) => route)];
      found.sort((a, b) => (a.definition.name < b.definition.name ? -1 : 1));
      if (entry.remembered.size < REMEMBERED_MAX) entry.remembered.set(type, found);
      return found;
    },
  };
}
