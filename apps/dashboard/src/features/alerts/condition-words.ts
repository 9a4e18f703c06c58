/** What a rule watches, as one sentence in the reader's language. */
import type { AlertRule, AlertWhen } from '@nave/api-schema';
import { plural } from '../../i18n/plural.ts';
import type { Language } from '../../i18n/preferences.ts';

export type Condition = AlertWhen['condition'];

/** In the order they are offered: what is met most often first. */
export const CONDITIONS = [
  ...(['dead', 'unknown', 'parked', 'breaker', 'backlog', 'errorShare', 'retryBudget', 'silent'] as const),
  ...(['signIns', 'ledger', 'retention'] as const),
] satisfies readonly Condition[];

const PART = /^(\d+)(ms|s|m|h|d)$/;
const SPANS = {
  en: {
    ms: { one: '# millisecond', other: '# milliseconds' },
    s: { one: '# second', other: '# seconds' },
    m: { one: '# minute', other: '# minutes' },
    h: { one: '# hour', other: '# hours' },
    d: { one: '# day', other: '# days' },
  },
  // After "déle než": the fourth case.
  cs: {
    ms: { one: '# milisekundu', few: '# milisekundy', other: '# milisekund' },
    s: { one: '# sekundu', few: '# sekundy', other: '# sekund' },
    m: { one: '# minutu', few: '# minuty', other: '# minut' },
    h: { one: '# hodinu', few: '# hodiny', other: '# hodin' },
    d: { one: '# den', few: '# dny', other: '# dní' },
  },
} as const;

/** A duration as the API writes it, in words; as it is when it is not one. */
export function spanWords(duration: string, language: Language): string {
  const [, count, unit] = PART.exec(duration) ?? [];
  if (count === undefined) return duration;
  const forms = unit === 'ms' || unit === 's' || unit === 'm' || unit === 'h' || unit === 'd' ? SPANS[language][unit] : null;
  return forms === null ? duration : plural(language, Number(count), forms);
}

type Words = { [C in Condition]: (when: Extract<AlertWhen, { condition: C }>) => string };

const EN: Words = {
  dead: ({ count, window }) =>
    `${plural('en', count, { one: 'a delivery is dead', other: 'at least # deliveries are dead' })}${window === null ? '' : `, died within ${spanWords(window, 'en')}`}`,
  unknown: ({ count }) =>
    plural('en', count, { one: 'a delivery has an unknown outcome', other: 'at least # deliveries have an unknown outcome' }),
  parked: ({ count }) => plural('en', count, { one: 'a lane is parked', other: 'at least # lanes are parked' }),
  breaker: () => 'the circuit is open',
  ledger: () => 'the ledger does not add up',
  retention: () => 'a day cannot be dropped by retention',
  backlog: ({ olderThan }) => `something has waited for longer than ${spanWords(olderThan, 'en')}`,
  retryBudget: () => 'the retry budget is exhausted',
  errorShare: ({ share, minimum, window }) =>
    `at least ${percent(share, 'en')} of ${minimum} or more attempts within ${spanWords(window, 'en')} failed`,
  signIns: ({ count, window }) =>
    `${plural('en', count, { one: 'a key, sign-in or signature was', other: '# keys, sign-ins or signatures were' })} refused within ${spanWords(window, 'en')}`,
  silent: ({ factor, minimum }) => `it is silent for ${factor} times its usual gap, and for ${spanWords(minimum, 'en')} at least`,
};

const CS: Words = {
  dead: ({ count, window }) =>
    `${plural('cs', count, { one: 'je mrtvé nějaké doručení', few: 'jsou mrtvá alespoň # doručení', other: 'je mrtvých alespoň # doručení' })}${window === null ? '' : ` za posledních ${spanWords(window, 'cs')}`}`,
  unknown: ({ count }) =>
    plural('cs', count, { one: 'u nějakého doručení se neví, jak dopadlo', other: 'se u alespoň # doručení neví, jak dopadla' }),
  parked: ({ count }) => plural('cs', count, { one: 'stojí nějaká řada', few: 'stojí alespoň # řady', other: 'stojí alespoň # řad' }),
  breaker: () => 'je přerušený okruh',
  ledger: () => 'nesouhlasí bilance',
  retention: () => 'nejde promazat starý den',
  backlog: ({ olderThan }) => `něco čeká déle než ${spanWords(olderThan, 'cs')}`,
  retryBudget: () => 'je vyčerpaný rozpočet opakování',
  errorShare: ({ share, minimum, window }) =>
    `selže alespoň ${percent(share, 'cs')} z nejméně ${minimum} pokusů (okno ${shortSpan(window)})`,
  signIns: ({ count, window }) =>
    `${plural('cs', count, { one: 'se odmítne klíč, přihlášení nebo podpis', other: 'se odmítne # klíčů, přihlášení nebo podpisů' })} (okno ${shortSpan(window)})`,
  silent: ({ factor, minimum }) => `mlčí ${factor}krát déle než obvykle, nejméně však ${spanWords(minimum, 'cs')}`,
};

/** What must hold, without its subject: `at least 5 deliveries are dead, died within 1 hour`. */
export function conditionWords(when: AlertWhen, language: Language): string {
  const words = language === 'cs' ? CS : EN;
  // A switch, as the compiler does not follow that the word belongs to the condition.
  switch (when.condition) {
    case 'dead':
      return words.dead(when);
    case 'unknown':
      return words.unknown(when);
    case 'parked':
      return words.parked(when);
    case 'breaker':
      return words.breaker(when);
    case 'ledger':
      return words.ledger(when);
    case 'retention':
      return words.retention(when);
    case 'backlog':
      return words.backlog(when);
    case 'retryBudget':
      return words.retryBudget(when);
    case 'errorShare':
      return words.errorShare(when);
    case 'signIns':
      return words.signIns(when);
    case 'silent':
      return words.silent(when);
  }
}

/** Conditions that are not about spokes ignore which ones are named. */
export function isAboutSpokes(condition: Condition): boolean {
  return condition !== 'ledger' && condition !== 'retention';
}

/** The whole rule: what, where, for how long. */
export function ruleWords({ when, spokes, for: holds }: Pick<AlertRule, 'when' | 'spokes' | 'for'>, language: Language): string {
  const where = !isAboutSpokes(when.condition) || spokes.includes('*') ? '' : spokes.join(', ');
  const first = capital(conditionWords(when, language));
  const place = where === '' ? '' : language === 'cs' ? ` – ${where}` : ` – ${where}`;
  const time = /^0+(ms|s|m|h|d)$/.test(holds)
    ? ''
    : language === 'cs'
      ? `, trvá-li to ${spanWords(holds, 'cs')}`
      : `, for ${spanWords(holds, 'en')}`;
  return `${first}${place}${time}.`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function percent(share: number, language: Language): string {
  return new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 1 }).format(share);
}

function shortSpan(duration: string): string {
  const [, count, unit] = PART.exec(duration) ?? [];
  return count === undefined ? duration : `${count} ${unit === 'm' ? 'min' : unit}`;
}
