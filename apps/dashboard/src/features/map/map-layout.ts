/**
 * Where the nodes of the map stand: the hub in the middle, spokes on ellipses around it that fill the area, families side by side. Pure, so that the same systems
 * always stand in the same places.
 */

export interface Size {
  width: number;
  height: number;
}

export interface Point {
  x: number;
  y: number;
}

export interface PlacedSpoke extends Point {
  name: string;
  /** 0 is the inner ring. */
  ring: number;
  /** The first of its family on its ring: it carries the name of the family. */
  leads: boolean;
}

export interface MapLayout {
  node: Size;
  /** Nodes with little room: one line and a sign. */
  compact: boolean;
  hub: Size;
  /** Centres, the hub's being 0, 0; in the order they were given. */
  spokes: PlacedSpoke[];
}

const NODE: Size = { width: 172, height: 58 };
const COMPACT: Size = { width: 112, height: 36 };
const HUB: Size = { width: 116, height: 84 };
const COMPACT_HUB: Size = { width: 92, height: 60 };
/** Between nodes; above a node there is room for the name of its family. */
const GAP: Size = { width: 18, height: 24 };
const COMPACT_GAP: Size = { width: 12, height: 15 };
/** Nodes that say more, where they fit into such a width, at nearly their own size. */
const ROOMY_WIDTH = 640;
const TIGHT = 1.06;
/** More than this stand on two rings, and more than that on three. */
const RING_MAX = 26;
const TWO_RINGS_MAX = 44;
/** Links need some way to be told apart. */
const LINK = 64;
/** How far the rings are from the hub, by their number: of the outer one. Each holds as many as its length allows. */
const REACHES: readonly (readonly number[])[] = [[1], [0.6, 1], [0.44, 0.72, 1]];
const GROWTH = 1.02;
const STEPS_MAX = 300;

/**
 * @param spokes in the order they shall have around the hub, families together
 * @param area what there is to fill, in pixels at zoom 1; what does not fit is laid out larger, and zoomed out
 */
export function layoutMap(spokes: readonly { name: string; family: string }[], area: Size): MapLayout {
  const rings = ringsOf(spokes);
  if (area.width >= ROOMY_WIDTH && rings.length === 1) {
    const roomy = arranged(spokes, rings, area, { node: NODE, hub: HUB, gap: GAP });
    if (fits(roomy, area)) return { ...roomy, compact: false };
  }
  return { ...arranged(spokes, rings, area, { node: COMPACT, hub: COMPACT_HUB, gap: COMPACT_GAP }), compact: true };
}

/** Where the outermost nodes end. */
function fits({ node, spokes }: Omit<MapLayout, 'compact'>, area: Size): boolean {
  return spokes.every(
    ({ x, y }) => Math.abs(x) * 2 + node.width <= area.width * TIGHT && Math.abs(y) * 2 + node.height <= area.height * TIGHT,
  );
}

function arranged(
  spokes: readonly { name: string }[],
  rings: readonly (readonly Seat[])[],
  area: Size,
  sizes: Sizes,
): Omit<MapLayout, 'compact'> {
  const { node, hub, gap } = sizes;
  // As large as the area allows; a few systems on a large screen stay together.
  const spread = 340 + 34 * spokes.length;
  let outer = {
    width: Math.max(minimum(rings.length, hub.width, node.width), Math.min(area.width / 2 - node.width / 2 - gap.width, spread * 1.3)),
    height: Math.max(minimum(rings.length, hub.height, node.height), Math.min(area.height / 2 - node.height / 2 - gap.height, spread)),
  };
  for (let step = 0; step < STEPS_MAX; step++) {
    const placed = place(rings, outer, sizes);
    if (apart(placed, sizes)) {
      const byName = new Map(placed.map((one) => [one.name, one]));
      return { node, hub, spokes: spokes.flatMap(({ name }) => byName.get(name) ?? []) };
    }
    outer = { width: outer.width * GROWTH, height: outer.height * GROWTH };
  }
  throw new RangeError(`${spokes.length} spokes found no place`);
}

function minimum(rings: number, hub: number, node: number): number {
  return hub / 2 + LINK * 0.6 + node / 2 + (rings - 1) * node;
}

interface Sizes {
  node: Size;
  hub: Size;
  /** Between nodes. */
  gap: Size;
}

interface Seat {
  name: string;
  leads: boolean;
}

/** Shares them among the rings turn by turn, so that a family keeps its direction on each; the inner rings are shorter. */
function ringsOf(spokes: readonly { name: string; family: string }[]): Seat[][] {
  const reaches = REACHES[spokes.length <= RING_MAX ? 0 : spokes.length <= TWO_RINGS_MAX ? 1 : 2] ?? [1];
  const whole = reaches.reduce((sum, reach) => sum + reach, 0);
  const shares = reaches.map((reach) => reach / whole);
  const rings: { seats: Seat[]; family: string | null }[] = shares.map(() => ({ seats: [], family: null }));
  for (const [index, { name, family }] of spokes.entries()) {
    let best = 0;
    let most = Number.NEGATIVE_INFINITY;
    for (const [ring, share] of shares.entries()) {
      const owed = share * (index + 1) - (rings[ring]?.seats.length ?? 0);
      if (owed > most) [best, most] = [ring, owed];
    }
    const ring = rings[best];
    if (ring === undefined) continue;
    ring.seats.push({ name, leads: ring.family !== family });
    ring.family = family;
  }
  return rings.map(({ seats }) => seats).filter((seats) => seats.length > 0);
}

function place(rings: readonly (readonly Seat[])[], outer: Size, { node, hub, gap }: Sizes): PlacedSpoke[] {
  const [cell, count] = [{ width: node.width + gap.width, height: node.height + gap.height }, rings.length];
  const inner = { width: hub.width / 2 + LINK * 0.5 + node.width / 2, height: hub.height / 2 + LINK * 0.5 + node.height / 2 };
  return rings.flatMap((seats, ring) => {
    const at = REACHES[count - 1]?.[ring] ?? 1;
    const radius = { width: Math.max(inner.width, outer.width * at), height: Math.max(inner.height, outer.height * at) };
    return along(seats.length, radius, cell).map((point, index) => ({
      ...{ name: seats[index]?.name ?? '', leads: seats[index]?.leads ?? false, ring },
      ...point,
    }));
  });
}

const SAMPLES = 720;

/** Points on an ellipse, clockwise from the top, at equal distances as cells count them: where it runs sideways by their width, where it climbs by their height. */
function along(count: number, radius: Size, cell: Size): Point[] {
  const points: Point[] = [];
  const lengths: number[] = [];
  let length = 0;
  for (let sample = 0; sample <= SAMPLES; sample++) {
    const angle = (sample / SAMPLES) * 2 * Math.PI - Math.PI / 2;
    const point = { x: radius.width * Math.cos(angle), y: radius.height * Math.sin(angle) };
    const before = points[sample - 1];
    if (before !== undefined) length += Math.max(Math.abs(point.x - before.x) / cell.width, Math.abs(point.y - before.y) / cell.height);
    points.push(point);
    lengths.push(length);
  }
  let sample = 0;
  return Array.from({ length: count }, (_, index) => {
    const wanted = (length * index) / count;
    while (sample < SAMPLES && (lengths[sample] ?? 0) < wanted) sample++;
    const { x, y } = points[sample] ?? { x: 0, y: 0 };
    return { x: Math.round(x), y: Math.round(y) };
  });
}

function apart(placed: readonly Point[], { node, hub, gap }: Sizes): boolean {
  for (const [index, a] of placed.entries()) {
    if (Math.abs(a.x) < (node.width + hub.width) / 2 + gap.width && Math.abs(a.y) < (node.height + hub.height) / 2 + gap.height)
      return false;
    for (const b of placed.slice(index + 1)) {
      if (Math.abs(a.x - b.x) < node.width + gap.width && Math.abs(a.y - b.y) < node.height + gap.height) return false;
    }
  }
  return true;
}
