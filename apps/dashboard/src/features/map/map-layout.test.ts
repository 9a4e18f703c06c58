import { describe, expect, it } from 'vitest';
import { layoutMap, type MapLayout, type Size } from './map-layout.ts';

const FAMILIES = ['protocol', 'erp', 'crm', 'hr', 'payments', 'other'];

function systems(count: number): { name: string; family: string }[] {
  return Array.from({ length: count }, (_, index) => ({
    name: `system-${index}`,
    family: FAMILIES[Math.floor((index * FAMILIES.length) / count)] ?? 'other',
  }));
}

const AREAS: readonly Size[] = [
  { width: 1060, height: 620 },
  { width: 1700, height: 900 },
  { width: 530, height: 620 },
  { width: 336, height: 420 },
];

/** The box of a node with room for the name of its family above it. */
function overlaps({ node, hub, spokes }: MapLayout): string[] {
  const boxes = [
    { name: 'hub', x: 0, y: 0, ...hub },
    ...spokes.map((spoke) => ({ ...spoke, ...node, y: spoke.y - 7, height: node.height + 14 })),
  ];
  return boxes.flatMap((a, index) =>
    boxes
      .slice(index + 1)
      .filter((b) => Math.abs(a.x - b.x) < (a.width + b.width) / 2 && Math.abs(a.y - b.y) < (a.height + b.height) / 2)
      .map((b) => `${a.name} ${b.name}`),
  );
}

function extent({ node, spokes }: MapLayout): Size {
  const wide = Math.max(...spokes.map(({ x }) => Math.abs(x))) * 2 + node.width;
  return { width: wide, height: Math.max(...spokes.map(({ y }) => Math.abs(y))) * 2 + node.height };
}

describe('the places of the map', () => {
  it.each([1, 2, 3, 4, 9, 24, 60, 150])('lets nothing overlap, with %i spokes in any area', (count) => {
    for (const area of AREAS) {
      const layout = layoutMap(systems(count), area);
      expect(layout.spokes.map(({ name }) => name)).toEqual(systems(count).map(({ name }) => name));
      expect(overlaps(layout)).toEqual([]);
    }
  });

  it('fits a wide screen at its own size with few spokes, and stays readable with 60', () => {
    const area = { width: 1060, height: 620 };
    for (const count of [1, 4, 9, 13]) {
      const { width, height } = extent(layoutMap(systems(count), area));
      expect([width <= area.width, height <= area.height]).toEqual([true, true]);
    }
    const { width, height } = extent(layoutMap(systems(60), area));
    expect(Math.min(area.width / width, area.height / height)).toBeGreaterThan(0.9);
  });

  it('uses one ring for few, two for many and three for more, each with its families together', () => {
    const ringsOf = (count: number) => new Set(layoutMap(systems(count), { width: 1060, height: 620 }).spokes.map(({ ring }) => ring)).size;
    expect([4, 9, 24, 40, 60].map(ringsOf)).toEqual([1, 1, 1, 2, 3]);
    const { spokes } = layoutMap(systems(60), { width: 1060, height: 620 });
    for (const ring of [0, 1, 2]) expect(spokes.filter((spoke) => spoke.ring === ring && spoke.leads)).toHaveLength(FAMILIES.length);
  });

  it('puts the same systems in the same places, and begins at the top', () => {
    const [one, two] = [layoutMap(systems(9), { width: 1060, height: 620 }), layoutMap(systems(9), { width: 1060, height: 620 })];
    expect(one).toEqual(two);
    expect(one.spokes[0]?.x).toBe(0);
    expect(one.spokes[0]?.y).toBeLessThan(0);
  });
});
