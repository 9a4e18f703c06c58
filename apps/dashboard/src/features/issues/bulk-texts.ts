/** Words of bulk retries, skips and cancels: the preview, and what will happen. */
import { defineTexts, plural } from '../../i18n/texts.ts';

export type BulkMode = 'retry' | 'skip' | 'cancel';

export const useBulkTexts = defineTexts({
  en: {
    title: (mode: BulkMode, spoke: string) => `${{ retry: 'Retry', skip: 'Skip', cancel: 'Cancel' }[mode]} dead deliveries to ${spoke}`,
    action: (mode: BulkMode, n: number) =>
      `${{ retry: 'Retry', skip: 'Skip', cancel: 'Cancel' }[mode]} ${plural('en', n, { one: '# delivery', other: '# deliveries' })}`,
    verb: (mode: BulkMode) => ({ retry: 'Retry', skip: 'Skip', cancel: 'Cancel' })[mode],
    keep: 'Keep them',
    counting: 'Counting…',
    means: (mode: BulkMode) =>
      ({
        retry: 'They are sent again with the same ids and idempotency keys, oldest first. Those that fail again come back here.',
        skip: 'They are not sent any more and count as not needed; later steps of their runs are not made. Blocked lanes go on.',
        cancel: 'They are not sent any more and count as given up; later steps of their runs are not made. Blocked lanes go on.',
      })[mode],
    final: 'This is final: they cannot be brought back, only their messages can be replayed.',
    count: 'Deliveries',
    atLeast: (n: string) => `at least ${n}`,
    oldest: 'Oldest',
    newest: 'Newest',
    takes: 'Takes about',
    rate: 'Rate',
    rates: {
      '': 'From 10 a second up to 500, doubling each second',
      '1': '1 a second: to see whether it works now',
      '10': '10 a second',
      '100': '100 a second',
    },
    rateHelp: 'The limits of the spoke hold as well. You can pause and stop on the next page.',
    none: 'No delivery is left to act on: somebody was faster.',
    started: (mode: BulkMode) => ({ retry: 'The retry runs.', skip: 'The skip runs.', cancel: 'The cancel runs.' })[mode],
  },
  cs: {
    title: (mode: BulkMode, spoke: string) =>
      `${{ retry: 'Zopakovat', skip: 'Přeskočit', cancel: 'Zrušit' }[mode]} mrtvá doručení do systému ${spoke}`,
    action: (mode: BulkMode, n: number) =>
      `${{ retry: 'Zopakovat', skip: 'Přeskočit', cancel: 'Zrušit' }[mode]} ${plural('cs', n, { other: '# doručení' })}`,
    verb: (mode: BulkMode) => ({ retry: 'Zopakovat', skip: 'Přeskočit', cancel: 'Zrušit' })[mode],
    keep: 'Nechat je být',
    counting: 'Počítá se…',
    means: (mode: BulkMode) =>
      ({
        retry: 'Odešlou se znovu se stejnými id a klíči idempotence, od nejstaršího. Co selže znovu, vrátí se sem.',
        skip: 'Už se neodešlou a berou se jako nepotřebná; další kroky jejich běhů nevzniknou. Stojící řady pokračují.',
        cancel: 'Už se neodešlou a berou se jako vzdaná; další kroky jejich běhů nevzniknou. Stojící řady pokračují.',
      })[mode],
    final: 'Je to konečné: nelze je vrátit, jen znovu přehrát jejich zprávy.',
    count: 'Doručení',
    atLeast: (n: string) => `nejméně ${n}`,
    oldest: 'Nejstarší',
    newest: 'Nejnovější',
    takes: 'Potrvá asi',
    rate: 'Rychlost',
    rates: {
      '': 'Od 10 za sekundu až do 500, každou sekundu dvakrát tolik',
      '1': '1 za sekundu: vyzkoušet, zda už to funguje',
      '10': '10 za sekundu',
      '100': '100 za sekundu',
    },
    rateHelp: 'Platí i limity cílového systému. Na další stránce lze akci pozastavit i zastavit.',
    none: 'Nezbývá žádné doručení: někdo byl rychlejší.',
    started: (mode: BulkMode) => ({ retry: 'Opakování běží.', skip: 'Přeskakování běží.', cancel: 'Rušení běží.' })[mode],
  },
});
