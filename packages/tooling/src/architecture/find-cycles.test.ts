/** Cycles are found and nothing else is called one. */
import { expect, it } from 'vitest';
import { findCycles } from './find-cycles.ts';

const graph = (edges: Record<string, string[]>) => new Map(Object.entries(edges).map(([from, to]) => [from, new Set(to)]));

it('finds no cycle in a diamond', () => {
  expect(findCycles(graph({ a: ['b', 'c'], b: ['d'], c: ['d'], d: [] }))).toEqual([]);
});

it('finds a cycle over several files and a file that imports itself', () => {
  expect(findCycles(graph({ a: ['b'], b: ['c'], c: ['a', 'd'], d: ['d'], e: ['a'] }))).toEqual([['d'], ['a', 'b', 'c']]);
});

it('takes targets that are no nodes of their own', () => {
  expect(findCycles(graph({ a: ['elsewhere'] }))).toEqual([]);
});
