import { describe, expect, it } from 'vitest';
import { matchingPaths, pathsOf } from './complete-paths.ts';

const sources = {
  data: { id: 7, customer: { name: 'Ada', 'e-mail': 'a@b.c' }, lines: [{ sku: 'A' }, { sku: 'B', note: 'x' }], and: true },
  headers: { 'x-shop': '1' },
  steps: [{ name: 'invoice', answer: { number: 'I-1' } }, { name: 'step-2' }],
};

describe('paths of a sample', () => {
  it('go through objects and lists, with names quoted where they must be', () => {
    const labels = pathsOf(sources).map(({ label }) => label);
    for (const label of [
      ...['data.id', 'data.customer.name', 'data.customer.`e-mail`', 'data.lines.sku', 'data.lines.note', 'data.`and`', 'headers.`x-shop`'],
      ...['steps.invoice.number', 'steps.`step-2`', '$response("invoice").status', 'type', 'correlationId'],
    ]) {
      expect(labels).toContain(label);
    }
    expect(new Set(labels).size).toBe(labels.length);
  });

  it('show what they hold, and match what is being written', () => {
    expect(matchingPaths(pathsOf(sources), 'data.cus')).toEqual([
      { label: 'data.customer' },
      { label: 'data.customer.name', detail: '"Ada"' },
      { label: 'data.customer.`e-mail`', detail: '"a@b.c"' },
    ]);
    expect(matchingPaths(pathsOf(sources), 'nothing')).toEqual([]);
  });

  it('stay few and end, whatever the message is like', () => {
    let deep: unknown = 1;
    for (let level = 0; level < 100; level++) deep = { in: deep };
    const wide = Object.fromEntries(Array.from({ length: 5_000 }, (_, index) => [`f${index}`, index]));
    expect(pathsOf({ data: { deep, wide }, headers: {}, steps: [] }).length).toBeLessThanOrEqual(520);
    expect(pathsOf({ data: undefined, headers: {}, steps: [] }).map(({ label }) => label)).toContain('data');
  });
});
