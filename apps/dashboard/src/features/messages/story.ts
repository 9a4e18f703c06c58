/** What became of a message, in one sentence: what was reached first, then what did not go well, the worst first. */
import type { Delivery, Message } from '@nave/api-schema';
import type { Format } from '../../i18n/format.ts';
import { presentDeliveries, runsOf } from './runs.ts';
import type { StoryWords } from './story-words.ts';

/** What needs a person comes first. */
const WORST_FIRST: readonly Delivery['state'][] = [
  'unknown',
  'dead',
  'held',
  'retrying',
  'active',
  'pending',
  'compensated',
  'cancelled',
  'skipped',
];
const CLAUSES_MAX = 3;

/** @param format of the language of the words */
export function storyOf(message: Message, words: StoryWords, format: Pick<Format, 'span' | 'clock'>): string {
  const { type, source, state } = message;
  if (state === 'unrouted') return words.unrouted(type, source);
  const present = presentDeliveries(runsOf(message.deliveries));
  if (present.length === 0) return words.noDeliveries(type, source);
  const reached = present.filter((delivery) => delivery.state === 'succeeded');
  const others = WORST_FIRST.flatMap((one) => present.filter((delivery) => delivery.state === one));
  const told = others.slice(0, CLAUSES_MAX).map((delivery) => words.clause(delivery, factsOf(delivery, words, format)));
  if (others.length > CLAUSES_MAX) told.push(words.more(others.length - CLAUSES_MAX));
  const rest = told.join('; ');
  if (reached.length === 0) return `${words.head(type, source)}${rest}.`;
  const where = reached.map(({ spoke, operation, attemptCount }) => words.place(spoke, operation, attemptCount));
  const list = new Intl.ListFormat(words.language, { type: 'conjunction' }).format(where);
  const several = new Set(reached.map(({ spoke }) => spoke)).size > 1;
  const within = told.length === 0 ? withinOf(message, words, format) : '';
  return `${words.reached(type, source, list, several)}${within}${rest === '' ? '' : `; ${rest}`}.`;
}

function factsOf({ attempts, nextAttemptAt }: Delivery, words: StoryWords, format: Pick<Format, 'clock'>) {
  const last = attempts.at(-1);
  return {
    answer: last === undefined ? null : words.answer(last.outcome, last.status),
    at: nextAttemptAt === null ? null : format.clock(nextAttemptAt),
  };
}

function withinOf({ receivedAt, completedAt }: Message, words: StoryWords, format: Pick<Format, 'span'>): string {
  if (completedAt === null) return '';
  return words.within(format.span(Math.max(0, Date.parse(completedAt) - Date.parse(receivedAt))));
}
