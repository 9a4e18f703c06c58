/** Words of the overview. */
import { defineTexts, plural } from '../../i18n/texts.ts';

const waitEn = (n: number) => (n === 0 ? 'nothing waits' : plural('en', n, { one: '# delivery waits', other: '# deliveries wait' }));
const waitCs = (n: number) =>
  n === 0 ? 'nic nečeká' : plural('cs', n, { one: 'čeká # doručení', few: 'čekají # doručení', other: 'čeká # doručení' });

export const useOverviewTexts = defineTexts({
  en: {
    title: 'Overview',
    story: {
      missing: (n: number) =>
        n > 0
          ? `The ledger does not add up: ${plural('en', n, { one: '# is missing', other: '# are missing' })}`
          : `The ledger does not add up: ${plural('en', -n, { one: '# is too many', other: '# are too many' })}`,
      dead: (n: number, spoke: string, since: string, exact: boolean) =>
        `${exact ? '' : 'At least '}${plural('en', n, { one: '# delivery', other: '# deliveries' })} to ${spoke} ${n === 1 ? 'is' : 'are'} dead since ${since}`,
      behind: (n: number) => plural('en', n, { one: '# waits behind it', other: '# wait behind them' }),
      others: (n: number) => plural('en', n, { one: '# more is dead elsewhere.', other: '# more are dead elsewhere.' }),
      undecided: (n: number) => plural('en', n, { one: '# outcome waits for a decision', other: '# outcomes wait for a decision' }),
      open: (spoke: string, waiting: number) => `The circuit of ${spoke} is open; ${waitEn(waiting)}`,
      paused: (spoke: string, waiting: number) => `${spoke} is paused; ${waitEn(waiting)}`,
      late: (spoke: string, span: string, waiting: number) => `Deliveries to ${spoke} wait for ${span}; ${waitEn(waiting)}`,
      more: (n: number) => plural('en', n, { one: '# more queue needs a look.', other: '# more queues need a look.' }),
      unrouted: (n: number, of: number, window: string) =>
        `${plural('en', n, { one: '# message', other: '# messages' })} of ${plural('en', of, { other: '#' })} in the ${window} matched no route`,
      quiet: (window: string) => `All is quiet: nothing came in the ${window}, and nothing waits.`,
      well: (n: number, window: string, about: boolean) =>
        `All is well: ${about ? 'about ' : ''}${plural('en', n, { one: '# message', other: '# messages' })} in the ${window}`,
      delivered: 'all delivered.',
      underWay: (n: number) => plural('en', n, { one: '# delivery on its way.', other: '# deliveries on their way.' }),
    },
    actions: {
      ledger: 'See what is missing',
      issue: 'See why, and retry',
      decide: 'Decide them',
      queue: 'Open the queue',
      unrouted: 'See these messages',
      route: 'Create a route',
    },
    spoke: 'Spoke',
    route: 'Route',
    received: 'Received',
    delivered: 'Delivered',
    success: 'Success share',
    open: 'Open',
    dead: 'Dead',
    messages: (n: number) => plural('en', n, { one: 'message', other: 'messages' }),
    runs: (n: number) => plural('en', n, { one: 'run', other: 'runs' }),
    deliveries: (n: number) => plural('en', n, { one: 'delivery', other: 'deliveries' }),
    ofEnded: 'of those that ended',
    unrouted: (n: number) => plural('en', n, { one: '# without a route', other: '# without a route' }),
    showDead: 'Show them',
    estimate: 'Busy stretches were sampled: these figures are estimates.',
    zoomed: (from: string, to: string) => `Zoomed to ${from} – ${to}.`,
    zoomedMeans: 'Figures and charts show this stretch; the tables below the whole window.',
    zoomOut: 'Whole window',
    zoomMessages: 'Messages of this stretch',
    zoomGone: 'This stretch is over 7 days ago: charts do not reach that far.',
    throughput: 'Deliveries by outcome',
    perStep: (step: string) => `per ${step}`,
    outcome: { succeeded: 'succeeded', ended: 'skipped, cancelled', open: 'open', dead: 'dead' },
    latency: 'Latency',
    latencyHelp: 'From acceptance to the answer of the receiving system.',
    drag: 'Drag to zoom.',
    bySpoke: 'By spoke',
    byRoute: 'By route',
    rate: 'Rate',
    total: 'Deliveries',
    errorShare: 'Errors',
    noTraffic: 'No traffic',
    noTrafficHint: 'Nothing was delivered in this time. Try a longer window.',
    ledger: 'Ledger',
    openLedger: 'Open the ledger',
    alerts: 'Firing alerts',
    allAlerts: 'All alerts',
    asOf: 'as of',
  },
  cs: {
    title: 'Přehled',
    story: {
      missing: (n: number) =>
        n > 0
          ? `Bilance nesouhlasí: ${plural('cs', n, { one: 'chybí #', other: 'chybí #' })}`
          : `Bilance nesouhlasí: ${plural('cs', -n, { one: 'přebývá #', few: 'přebývají #', other: 'přebývá #' })}`,
      dead: (n: number, spoke: string, since: string, exact: boolean) =>
        `${exact ? '' : 'Nejméně '}${plural('cs', n, { other: '# doručení' })} do systému ${spoke} ${plural('cs', n, { one: 'je mrtvé', few: 'jsou mrtvá', other: 'je mrtvých' })} od ${since}`,
      behind: (n: number) => plural('cs', n, { one: '# další na to čeká', few: '# další na to čekají', other: '# dalších na to čeká' }),
      others: (n: number) =>
        plural('cs', n, { one: '# další je mrtvé jinde.', few: '# další jsou mrtvá jinde.', other: '# dalších je mrtvých jinde.' }),
      undecided: (n: number) =>
        plural('cs', n, {
          one: '# výsledek čeká na rozhodnutí',
          few: '# výsledky čekají na rozhodnutí',
          other: '# výsledků čeká na rozhodnutí',
        }),
      open: (spoke: string, waiting: number) => `Okruh systému ${spoke} je přerušený; ${waitCs(waiting)}`,
      paused: (spoke: string, waiting: number) => `Systém ${spoke} je pozastavený; ${waitCs(waiting)}`,
      late: (spoke: string, span: string, waiting: number) => `Doručení do systému ${spoke} čekají už ${span}; ${waitCs(waiting)}`,
      more: (n: number) =>
        plural('cs', n, {
          one: 'Na # další frontu se podívejte.',
          few: 'Na # další fronty se podívejte.',
          other: 'Na # dalších front se podívejte.',
        }),
      unrouted: (n: number, of: number, window: string) =>
        `${plural('cs', n, { one: '# zpráva', few: '# zprávy', other: '# zpráv' })} z ${plural('cs', of, { other: '#' })} (${window}) nemá žádnou trasu`,
      quiet: (window: string) => `Všude klid: nic nepřišlo (${window}) a nic nečeká.`,
      well: (n: number, window: string, about: boolean) =>
        `Vše je v pořádku: ${about ? 'asi ' : ''}${plural('cs', n, { one: '# zpráva', few: '# zprávy', other: '# zpráv' })} (${window})`,
      delivered: 'vše doručeno.',
      underWay: (n: number) =>
        plural('cs', n, { one: '# doručení je na cestě.', few: '# doručení jsou na cestě.', other: '# doručení je na cestě.' }),
    },
    actions: {
      ledger: 'Podívat se, co chybí',
      issue: 'Zjistit proč a zopakovat',
      decide: 'Rozhodnout',
      queue: 'Otevřít frontu',
      unrouted: 'Zobrazit tyto zprávy',
      route: 'Vytvořit trasu',
    },
    spoke: 'Systém',
    route: 'Trasa',
    received: 'Přijato',
    delivered: 'Doručeno',
    success: 'Úspěšnost',
    open: 'Otevřeno',
    dead: 'Mrtvé',
    messages: (n: number) => plural('cs', n, { one: 'zpráva', few: 'zprávy', other: 'zpráv' }),
    runs: (n: number) => plural('cs', n, { one: 'průchod', few: 'průchody', other: 'průchodů' }),
    deliveries: (n: number) => plural('cs', n, { other: 'doručení' }),
    ofEnded: 'z dokončených',
    unrouted: (n: number) => plural('cs', n, { one: '# bez trasy', other: '# bez trasy' }),
    showDead: 'Zobrazit',
    estimate: 'Rušné úseky se vzorkovaly: údaje jsou odhad.',
    zoomed: (from: string, to: string) => `Přiblíženo na ${from} – ${to}.`,
    zoomedMeans: 'Čísla a grafy ukazují tento úsek, tabulky níže celé okno.',
    zoomOut: 'Celé okno',
    zoomMessages: 'Zprávy z tohoto úseku',
    zoomGone: 'Tento úsek je starší než 7 dní: tak daleko grafy nesahají.',
    throughput: 'Doručení podle výsledku',
    perStep: (step: string) => `za ${step}`,
    outcome: { succeeded: 'doručeno', ended: 'přeskočeno, zrušeno', open: 'otevřeno', dead: 'mrtvé' },
    latency: 'Doba doručení',
    latencyHelp: 'Od přijetí po odpověď cílového systému.',
    drag: 'Tažením přiblížíte.',
    bySpoke: 'Podle systému',
    byRoute: 'Podle trasy',
    rate: 'Rychlost',
    total: 'Doručení',
    errorShare: 'Chyby',
    noTraffic: 'Žádný provoz',
    noTrafficHint: 'Za tuto dobu se nic nedoručovalo. Zkuste delší okno.',
    ledger: 'Bilance',
    openLedger: 'Otevřít bilanci',
    alerts: 'Výstrahy',
    allAlerts: 'Všechny výstrahy',
    asOf: 'stav',
  },
});
