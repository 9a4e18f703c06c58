/** The lines of the map: each route as a strand from its source to the hub, and one to each target; bundled where there is no room for each. Pure. */
import type { MapLayout, Point, Size } from './map-layout.ts';
import { inState, type LinkState, type MapModel, outState, worst } from './map-model.ts';

export interface Strand {
  id: string;
  spoke: string;
  /** `in`: from the spoke to the hub. */
  direction: 'in' | 'out';
  /** Those that run in it. */
  routes: string[];
  perSecond: number;
  state: LinkState;
  /** Dead deliveries of the window. */
  dead: number;
  /** SVG path in the direction of the flow, with the hub at 0, 0. */
  path: string;
  middle: Point;
  /** Where it ends, and in which direction, in degrees. */
  end: Point & { angle: number };
}

type Bare = Omit<Strand, 'path' | 'middle' | 'end'>;

/** So many strands of one direction are drawn one by one. */
const SEPARATE_MAX = 4;
const COMPACT_SEPARATE_MAX = 2;
/** Between strands of a spoke, half way. */
const SPREAD = 16;
const COMPACT_SPREAD = 10;

export function strandsOf({ spokes, routes }: MapModel, layout: MapLayout): Strand[] {
  const places = new Map(layout.spokes.map((place) => [place.name, place]));
  const byName = new Map(spokes.map((spoke) => [spoke.name, spoke]));
  const spread = layout.compact ? COMPACT_SPREAD : SPREAD;
  return spokes.flatMap((spoke) => {
    const place = places.get(spoke.name);
    if (place === undefined) return [];
    const ins = routes
      .filter(({ from }) => from === spoke.name)
      .map((route) =>
        strandOf(spoke.name, 'in', route.name, (route.perSecond ?? 0) / Math.max(1, route.targets.length), inState(route, spoke), 0),
      );
    const outs = routes
      .filter(({ targets }) => targets.includes(spoke.name))
      .map((route) =>
        strandOf(
          spoke.name,
          'out',
          route.name,
          (route.perSecond ?? 0) / route.targets.length,
          outState(route, byName.get(route.from), spoke),
          route.dead,
        ),
      );
    const limit = layout.compact ? COMPACT_SEPARATE_MAX : SEPARATE_MAX;
    const own = [...bundled(ins, limit), ...bundled(outs, limit)];
    return own.map((strand, index) => ({
      ...strand,
      ...curve(place, layout, (index - (own.length - 1) / 2) * spread, strand.direction),
    }));
  });
}

function strandOf(spoke: string, direction: 'in' | 'out', route: string, perSecond: number, state: LinkState, dead: number): Bare {
  return { id: `${direction}:${spoke}:${route}`, spoke, direction, routes: [route], perSecond, state, dead };
}

function bundled(strands: readonly Bare[], limit: number): Bare[] {
  const [first] = strands;
  if (first === undefined || strands.length <= limit) return [...strands];
  return [
    {
      ...first,
      id: `${first.direction}:${first.spoke}`,
      routes: strands.flatMap(({ routes }) => routes),
      perSecond: strands.reduce((sum, { perSecond }) => sum + perSecond, 0),
      state: bundleState(strands.map(({ state }) => state)),
      dead: strands.reduce((sum, { dead }) => sum + dead, 0),
    },
  ];
}

/** A route that is switched off says nothing of those beside it. */
function bundleState(states: readonly LinkState[]): LinkState {
  const on = states.filter((state) => state !== 'disabled');
  return on.length === 0 ? 'disabled' : worst(on);
}

/** @param most the busiest strand of the map. @returns pixels */
export function strandWidth(perSecond: number, most: number): number {
  if (perSecond <= 0 || most <= 0) return 1.25;
  return Math.round((1.75 + 4.25 * Math.sqrt(perSecond / most)) * 100) / 100;
}

/** Bows to one side, so that the strands of a spoke lie beside each other. @param bow pixels, half way */
function curve(place: Point, { node, hub }: MapLayout, bow: number, direction: 'in' | 'out'): Pick<Strand, 'path' | 'middle' | 'end'> {
  const length = Math.hypot(place.x, place.y) || 1;
  const side = { x: -place.y / length, y: place.x / length };
  const control = { x: place.x * 0.5 + side.x * bow * 2, y: place.y * 0.5 + side.y * bow * 2 };
  const atSpoke = onBorder(place, node, control);
  const atHub = onEllipse(hub, control);
  const [from, to] = direction === 'in' ? [atSpoke, atHub] : [atHub, atSpoke];
  const at = (number: number) => Math.round(number * 10) / 10;
  return {
    path: `M ${at(from.x)} ${at(from.y)} Q ${at(control.x)} ${at(control.y)} ${at(to.x)} ${at(to.y)}`,
    middle: { x: at((from.x + 2 * control.x + to.x) / 4), y: at((from.y + 2 * control.y + to.y) / 4) },
    end: { x: at(to.x), y: at(to.y), angle: Math.round((Math.atan2(to.y - control.y, to.x - control.x) * 180) / Math.PI) },
  };
}

/** Where the line from the centre of a box to a point leaves the box. */
function onBorder(centre: Point, { width, height }: Size, towards: Point): Point {
  const [dx, dy] = [towards.x - centre.x, towards.y - centre.y];
  const share = Math.min(1, width / 2 / Math.max(Math.abs(dx), 0.001), height / 2 / Math.max(Math.abs(dy), 0.001));
  return { x: centre.x + dx * share, y: centre.y + dy * share };
}

function onEllipse({ width, height }: Size, towards: Point): Point {
  const share = 1 / Math.max(1, Math.hypot(towards.x / (width / 2), towards.y / (height / 2)));
  return { x: towards.x * share, y: towards.y * share };
}
