/** The one line that says what an alert is about. Names and figures only. */
import type { AlertFact, AlertQuestion } from '@nave/store';

/** Figures are counted up to here. */
const COUNTED_MAX = 1_000;

export function summaryOf(question: AlertQuestion, { subject, spoke, figures }: AlertFact): string {
  const name = spoke ?? subject.replace(/^route:/, '');
  const figure = (key: string): number => {
    const value = figures[key];
    return typeof value === 'number' ? value : 0;
  };
  const text = (key: string): string => {
    const value = figures[key];
    return typeof value === 'string' ? value : 'some time';
  };
  const count = (one: string, many: string): string => {
    const n = figure('count');
    return `${n >= COUNTED_MAX ? 'at least ' : ''}${n} ${n === 1 ? one : many}`;
  };
  switch (question.condition) {
    case 'dead':
      return `${count(`delivery to ${name} is`, `deliveries to ${name} are`)} dead`;
    case 'unknown':
      return `${count(`delivery to ${name} has`, `deliveries to ${name} have`)} an unknown outcome`;
    case 'parked':
      return `${count(`lane of ${name} is`, `lanes of ${name} are`)} parked`;
    case 'breaker':
      return `The breaker of ${name} is open: deliveries are held`;
    case 'retryBudget':
      return `The retry budget of ${name} is exhausted: retries wait`;
    case 'retention':
      return `${figure('days') === 1 ? 'A day' : `${figure('days')} days`} cannot be dropped by retention, the oldest ${text('oldestDay')}: ${text('blockedBy')}`;
    case 'ledger':
      return `The ledger of ${subject === 'hub' ? 'messages' : `route ${name}`} does not add up: ${figure('expected')} accepted, ${figure('found')} found between ${text('from')} and ${text('to')}`;
    case 'backlog':
      return `Deliveries wait for ${name} since ${text('oldestAt')}`;
    case 'errorShare':
      return `${figure('failed')} of ${figure('attempts')} attempts at ${name} failed`;
    case 'signIns':
      return `${figure('count')} refused keys, sign-ins or signatures ${spoke === null ? 'at the hub' : `for ${name}`}`;
    case 'silent':
      return `${name} is silent since ${text('lastAt')}; it usually sends every ${figure('usualGapSeconds')} s at this hour`;
  }
}
