/** How the systems are, in one sentence: how many, and the worst of what is wrong. */
import { defineTexts, plural } from '../../i18n/texts.ts';
import { isTrouble, type SpokeRow } from './spoke-row.ts';

/** So many troubles are named; the rest is counted. */
const NAMED_MAX = 2;

export const useSpokesAnswer = defineTexts({
  en: {
    answer: (rows: readonly SpokeRow[]) =>
      sentence(plural('en', rows.length, { one: '# system', other: '# systems' }), rows, {
        none: 'all can be reached',
        each: (row) =>
          `${row.spoke.title} ${isTrouble(row) ? `is ${EN[row.state] ?? row.state}${waitingEn(row.waiting ?? 0)}` : deadEn(deadOf(row))}`,
        more: (n) => plural('en', n, { one: '# more needs a look', other: '# more need a look' }),
      }),
  },
  cs: {
    answer: (rows: readonly SpokeRow[]) =>
      sentence(plural('cs', rows.length, { one: '# systém', few: '# systémy', many: '# systému', other: '# systémů' }), rows, {
        none: 'všechny jsou dostupné',
        each: (row) =>
          isTrouble(row)
            ? `${row.spoke.title} ${CS[row.state] ?? row.state}${waitingCs(row.waiting ?? 0)}`
            : `${row.spoke.title}: ${deadCs(deadOf(row))}`,
        more: (n) =>
          plural('cs', n, { one: 'na # další se podívejte', few: 'na # další se podívejte', other: 'na # dalších se podívejte' }),
      }),
  },
});

const EN: Readonly<Record<string, string>> = {
  open: 'not reachable (circuit open)',
  'half-open': 'being probed',
  throttled: 'asking for patience',
  paused: 'paused',
  disabled: 'disabled',
};

const CS: Readonly<Record<string, string>> = {
  open: 'není dostupný (přerušeno)',
  'half-open': 'se zkouší',
  throttled: 'žádá o strpení',
  paused: 'je pozastaven',
  disabled: 'je vypnut',
};

function deadOf(row: SpokeRow): number {
  return row.queue?.depth.dead ?? 0;
}

function deadEn(n: number): string {
  return plural('en', n, { one: 'has # dead delivery', other: 'has # dead deliveries' });
}

function deadCs(n: number): string {
  return plural('cs', n, { one: '# mrtvé doručení', few: '# mrtvá doručení', other: '# mrtvých doručení' });
}

function waitingEn(n: number): string {
  return n === 0 ? '' : `, ${plural('en', n, { one: '# delivery waits for it', other: '# deliveries wait for it' })}`;
}

function waitingCs(n: number): string {
  return n === 0
    ? ''
    : `, ${plural('cs', n, { one: 'čeká na něj # doručení', few: 'čekají na něj # doručení', other: 'čeká na něj # doručení' })}`;
}

interface Words {
  none: string;
  each: (row: SpokeRow) => string;
  more: (n: number) => string;
}

/** What takes deliveries comes first by how many wait, and what somebody switched off with nothing waiting last. */
function sentence(count: string, rows: readonly SpokeRow[], words: Words): string {
  const troubled = rows
    .filter((row) => isTrouble(row) || deadOf(row) > 0)
    .sort((a, b) => Number(isTrouble(b)) - Number(isTrouble(a)) || (b.waiting ?? 0) - (a.waiting ?? 0));
  const named = troubled.slice(0, NAMED_MAX).map(words.each);
  const rest = troubled.length - named.length;
  const parts = [...(named.length === 0 ? [words.none] : named), ...(rest > 0 ? [words.more(rest)] : [])];
  return `${count}; ${parts.join('; ')}.`;
}
