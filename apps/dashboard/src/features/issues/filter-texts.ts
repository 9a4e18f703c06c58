/** The words that a filter is told with. */
import type { FilterWords } from './filter-words.ts';

export const FILTER_WORDS_EN: FilterWords = {
  what: (mode) => (mode === 'replay' ? 'Messages' : 'Dead deliveries'),
  issue: (id) => `of the failure ${id}`,
  ids: (count) => `from a selection of ${count}`,
  spoke: (mode, names) => (mode === 'replay' ? `from ${names}` : `to ${names}`),
  type: (names) => `of type ${names}`,
  state: (names) => `that are ${names}`,
  route: (name) => `on the route ${name}`,
  from: (at) => `since ${at}`,
  to: (at) => `before ${at}`,
  everything: 'all there are',
  or: 'or',
};

export const FILTER_WORDS_CS: FilterWords = {
  what: (mode) => (mode === 'replay' ? 'Zprávy' : 'Mrtvá doručení'),
  issue: (id) => `ze skupiny selhání ${id}`,
  ids: (count) => `z výběru (${count})`,
  spoke: (mode, names) => (mode === 'replay' ? `ze systému ${names}` : `do systému ${names}`),
  type: (names) => `typu ${names}`,
  state: (names) => `ve stavu ${names}`,
  route: (name) => `na trase ${name}`,
  from: (at) => `od ${at}`,
  to: (at) => `před ${at}`,
  everything: 'všechno',
  or: 'nebo',
};
