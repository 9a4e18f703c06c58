import { expect, it } from 'vitest';
import { typeSuggestions } from './type-suggestions.ts';

it('suggests the types that occur once each, patterns that cover several, and everything', () => {
  expect(typeSuggestions(['order.created', 'order.paid', 'order.created', 'lead', 'ping.x', ''])).toEqual([
    ...['order.created', 'order.paid', 'lead', 'ping.x', 'order.*', '**'],
  ]);
  expect(typeSuggestions([])).toEqual(['**']);
});
