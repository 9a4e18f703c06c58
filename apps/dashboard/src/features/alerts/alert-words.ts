/** The one line of an alert in the reader's language. The hub writes it in English; the figures behind it make the Czech one. */
import type { Alert } from '@nave/api-schema';
import { plural } from '../../i18n/plural.ts';
import type { Language } from '../../i18n/preferences.ts';
import type { Condition } from './condition-words.ts';

/** Figures are counted up to here. */
const COUNTED_MAX = 1_000;
/** Moments in the line of the hub, which nobody reads as they are written there. */
const MOMENT = /\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?Z/g;

/**
 * @param condition of its rule; undefined when the rule is gone or not read yet: then the line of the hub is given
 * @param clock writes a moment, such as `14:03:27`
 */
export function alertWords(alert: Alert, condition: Condition | undefined, language: Language, clock: (at: string) => string): string {
  const told = alert.summary.replaceAll(MOMENT, clock);
  if (language === 'en' || condition === undefined) return told;
  const figures = new Map<string, unknown>(typeof alert.detail === 'object' && alert.detail !== null ? Object.entries(alert.detail) : []);
  const number = (key: string): number | null => {
    const value = figures.get(key);
    return typeof value === 'number' ? value : null;
  };
  const moment = (key: string): string | null => {
    const value = figures.get(key);
    return typeof value === 'string' && Number.isFinite(Date.parse(value)) ? clock(value) : null;
  };
  return czech(alert, condition, number, moment) ?? told;
}

function czech(
  { spoke, subject }: Alert,
  condition: Condition,
  number: (key: string) => number | null,
  moment: (key: string) => string | null,
): string | null {
  const name = spoke ?? subject.replace(/^route:/, '');
  const count = number('count');
  const least = count !== null && count >= COUNTED_MAX ? 'nejméně ' : '';
  switch (condition) {
    case 'dead':
      return count === null
        ? null
        : `${least}${plural('cs', count, { one: '# doručení do systému', other: '# doručení do systému' })} ${name} ${plural('cs', count, { one: 'je mrtvé', few: 'jsou mrtvá', other: 'je mrtvých' })}`;
    case 'unknown':
      return count === null
        ? null
        : `${plural('cs', count, { one: 'U # doručení', other: 'U # doručení' })} do systému ${name} se neví, jak ${plural('cs', count, { one: 'dopadlo', other: 'dopadla' })}`;
    case 'parked':
      return count === null
        ? null
        : `${plural('cs', count, { one: 'Stojí # řada', few: 'Stojí # řady', other: 'Stojí # řad' })} systému ${name}`;
    case 'breaker':
      return `Okruh systému ${name} je přerušený: doručení jsou pozdržena`;
    case 'retryBudget':
      return `Rozpočet opakování systému ${name} je vyčerpaný: opakování čekají`;
    case 'ledger':
      return `Bilance ${subject === 'hub' ? 'zpráv' : `trasy ${name}`} nesouhlasí: přijato ${number('expected') ?? '?'}, nalezeno ${number('found') ?? '?'}`;
    case 'backlog': {
      const since = moment('oldestAt');
      return since === null ? null : `Doručení do systému ${name} čekají od ${since}`;
    }
    case 'errorShare':
      return `Selhalo ${number('failed') ?? '?'} z ${number('attempts') ?? '?'} pokusů o doručení do systému ${name}`;
    case 'signIns':
      return `Odmítnuté klíče, přihlášení nebo podpisy: ${count ?? '?'} (${spoke === null ? 'hub' : name})`;
    case 'silent': {
      const since = moment('lastAt');
      return since === null ? null : `Systém ${name} mlčí od ${since}`;
    }
    case 'retention': {
      const days = number('days');
      return days === null
        ? null
        : plural('cs', days, { one: 'Nejde promazat # den', few: 'Nejdou promazat # dny', other: 'Nejde promazat # dní' });
    }
  }
}
