/** Words of the page of a spoke. */
import { defineTexts, plural } from '../../i18n/texts.ts';

export const useSpokeTexts = defineTexts({
  en: {
    spokes: 'Spokes',
    more: 'More actions',
    notFound: (name: string) => `There is no spoke ${name}`,
    notFoundMeans: 'It was deleted, or the address has a typing error.',
    unknownKind: (kind: string) => `This hub has no kind ${kind}: deliveries to it fail until it has`,
    tabs: {
      overview: 'Overview',
      webhook: 'Webhook',
      test: 'Test-send',
      operations: 'Operations',
      settings: 'Settings',
      history: 'History',
    },
    states: {
      open: 'It cannot be reached: the circuit is open',
      'half-open': 'It is being probed after failures',
      throttled: 'It asks for patience',
      paused: 'It is paused',
      disabled: 'It is disabled',
      healthy: 'It works',
      idle: 'No traffic in the last hour',
    } as Readonly<Record<string, string>>,
    waiting: (n: number) =>
      n === 0 ? 'nothing waits for it.' : plural('en', n, { one: '# delivery waits for it.', other: '# deliveries wait for it.' }),
    dead: (n: number) => plural('en', n, { one: '# delivery is dead.', other: '# deliveries are dead.' }),
  },
  cs: {
    spokes: 'Systémy',
    more: 'Další akce',
    notFound: (name: string) => `Systém ${name} neexistuje`,
    notFoundMeans: 'Někdo ho smazal, nebo je v adrese překlep.',
    unknownKind: (kind: string) => `Tento hub nezná druh ${kind}: dokud ho nebude znát, doručení do něj selžou`,
    tabs: {
      overview: 'Přehled',
      webhook: 'Webhook',
      test: 'Zkušební zpráva',
      operations: 'Operace',
      settings: 'Nastavení',
      history: 'Historie',
    },
    states: {
      open: 'Není dostupný: okruh je přerušen',
      'half-open': 'Po chybách se zkouší',
      throttled: 'Žádá o strpení',
      paused: 'Je pozastaven',
      disabled: 'Je vypnut',
      healthy: 'Funguje',
      idle: 'Za poslední hodinu žádný provoz',
    },
    waiting: (n: number) =>
      n === 0
        ? 'nic na něj nečeká.'
        : plural('cs', n, { one: 'čeká na něj # doručení.', few: 'čekají na něj # doručení.', other: 'čeká na něj # doručení.' }),
    dead: (n: number) => plural('cs', n, { one: '# doručení je mrtvé.', few: '# doručení jsou mrtvá.', other: '# doručení je mrtvých.' }),
  },
});
