import { describe, expect, it } from 'vitest';
import { chosenOf, chosenText, clearedValue, type FilterField, filledCount, matchingOptions } from './filter-value.ts';

const fields: FilterField[] = [
  { kind: 'text', id: 'q', label: 'Search' },
  { kind: 'choice', id: 'state', label: 'State', options: [] },
  { kind: 'time', id: 'from', toId: 'to', label: 'Time' },
];

describe('the value of a filter', () => {
  it('has several choices in one text', () => {
    expect(chosenOf('dead, held,')).toEqual(['dead', 'held']);
    expect(chosenOf(undefined)).toEqual([]);
    expect(chosenText(['dead', 'held'])).toBe('dead,held');
    expect(chosenText([])).toBeUndefined();
  });

  it('counts fields, not parameters', () => {
    expect(filledCount(fields, { q: '', from: '2026-11-21T10:00:00Z', to: '2026-11-21T11:00:00Z', other: 'x' })).toBe(1);
    expect(filledCount(fields, { to: '2026-11-21T11:00:00Z', state: 'dead' })).toBe(2);
  });

  it('is cleared in all its parameters, and in no others', () => {
    expect({ q: 'a', state: 'b', from: 'c', to: 'd', view: 'e', ...clearedValue(fields) }).toEqual({ view: 'e' });
  });

  it('finds options without regard to case and accents', () => {
    const options = [
      { value: 'erp', label: 'Účetnictví' },
      { value: 'crm', label: 'HubSpot' },
    ];
    expect(matchingOptions(options, 'ucet').map(({ value }) => value)).toEqual(['erp']);
    expect(matchingOptions(options, 'ERP').map(({ value }) => value)).toEqual(['erp']);
    expect(matchingOptions(options, ' ')).toHaveLength(2);
  });
});
