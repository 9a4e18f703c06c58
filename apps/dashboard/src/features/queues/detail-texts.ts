/** Words of one queue: what keeps it back, its lanes, its policy. */
import { defineTexts, plural } from '../../i18n/texts.ts';

export const useDetailTexts = defineTexts({
  en: {
    queue: (title: string) => `Queue of ${title}`,
    pause: 'Pause',
    resume: 'Resume',
    reset: 'Close the circuit',
    resetTitle: (title: string) => `Try ${title} again now?`,
    resetMeans: (n: number) =>
      `The circuit is closed without waiting for a probe, and ${plural('en', n, { one: '# delivery goes', other: '# deliveries go' })} out. If the system still fails, it opens again.`,
    resetDone: (title: string) => `${title} takes deliveries again`,
    figures: 'Figures',
    states: 'Deliveries by state',
    waiting: 'Waiting',
    deliveries: 'deliveries',
    now: 'now',
    oldest: 'Oldest',
    oldestHint: 'waiting or on its way',
    rate: 'Rate',
    lastMinute: 'last minute',
    latency: (name: string) => `Latency ${name}`,
    flow: 'What keeps deliveries back',
    flowNone: 'Nothing: deliveries go out as they come.',
    disabled: 'The spoke is switched off: nothing is sent.',
    paused: 'Somebody paused it. Deliveries are held until it is resumed; messages from it are still accepted.',
    opened: (at: string, next: string | null) =>
      `The circuit opened at ${at} after failures in a row.${next === null ? '' : ` The next probe goes out at ${next}.`}`,
    probing: (at: string | null) =>
      `One probe is under way.${at === null ? '' : ` If nothing is known of it by ${at}, it counts as lost.`}`,
    throttled: (at: string) => `The system asked for patience until ${at}.`,
    draining: (left: number, rate: string | null, since: string) =>
      `What was held is let go since ${since}: ${plural('en', left, { other: '# left' })}, ${rate === null ? 'at the bound of the hub' : `at most ${rate}`}.`,
    budget: (at: string) => `Retries were put off at ${at}: their budget was used up. None is lost, they go out as the budget fills again.`,
    lanes: 'Parked lanes',
    lanesNone: 'No lane waits for a decision.',
    lane: (n: number) => plural('en', n, { one: '# delivery waits behind', other: '# deliveries wait behind' }),
    laneSince: 'since',
    lanesMore: 'Only the first lanes are shown.',
    over: 'Over time',
    window: 'Window',
    windows: { '15m': 'last 15 minutes', '1h': 'last hour', '6h': 'last 6 hours', '24h': 'last 24 hours', '7d': 'last 7 days' } as Readonly<
      Record<string, string>
    >,
    outcomes: 'Deliveries by when they were created, and what became of them',
    perStep: (span: string) => `per ${span}`,
    duration: 'duration',
    latencyOver: 'Latency of those that arrived',
    open: 'still waiting',
    estimated: 'Busy stretches were sampled: these figures are estimates.',
    policy: 'Policy',
    edit: 'Edit the spoke',
    concurrency: 'At the same time',
    concurrencyValue: (n: number) => plural('en', n, { one: '# delivery', other: '# deliveries' }),
    rateLimit: 'At most',
    rateValue: (limit: number, per: string) => `${plural('en', limit, { one: '# delivery', other: '# deliveries' })} in ${per}`,
    noLimit: 'no limit of its own',
    timeout: 'Patience per attempt',
    retry: 'Retries',
    retryValue: (attempts: number | null, base: string | null, max: string | null, factor: number | null) =>
      [
        attempts === null ? '' : plural('en', attempts, { one: '# attempt', other: '# attempts' }),
        base === null ? '' : `first after ${base}`,
        factor === null ? '' : `each ${factor} times longer`,
        max === null ? '' : `at most ${max} apart`,
      ]
        .filter((part) => part !== '')
        .join(', '),
    preset: (name: string) => `the schedule ${name}`,
    breaker: 'Circuit opens',
    breakerValue: (failures: number | null, cooldown: string | null) =>
      [failures === null ? '' : `after ${failures} failures in a row`, cooldown === null ? '' : `for ${cooldown}`]
        .filter((part) => part !== '')
        .join(', '),
    default: 'as is the default',
    messages: 'Messages',
    issues: 'Issues',
    spoke: 'Spoke',
    onMap: 'On the map',
  },
  cs: {
    queue: (title: string) => `Fronta: ${title}`,
    pause: 'Pozastavit',
    resume: 'Spustit',
    reset: 'Zapojit okruh',
    resetTitle: (title: string) => `Zkusit ${title} znovu hned?`,
    resetMeans: (n: number) =>
      `Okruh se zapojí, aniž by se čekalo na zkoušku, a ${plural('cs', n, { one: 'odejde # doručení', few: 'odejdou # doručení', other: 'odejde # doručení' })}. Pokud systém dál selhává, okruh se znovu přeruší.`,
    resetDone: (title: string) => `Systém ${title} zase odebírá`,
    figures: 'Čísla',
    states: 'Doručení podle stavu',
    waiting: 'Čeká',
    deliveries: 'doručení',
    now: 'teď',
    oldest: 'Nejstarší',
    oldestHint: 'čekající nebo odesílané',
    rate: 'Rychlost',
    lastMinute: 'poslední minuta',
    latency: (name: string) => `Latence ${name}`,
    flow: 'Co doručování zdržuje',
    flowNone: 'Nic: doručení odcházejí, jak přijdou.',
    disabled: 'Systém je vypnut: nic se neodesílá.',
    paused: 'Někdo frontu pozastavil. Doručení počkají na spuštění; zprávy ze systému se přijímají dál.',
    opened: (at: string, next: string | null) =>
      `Okruh se přerušil v ${at} po několika chybách za sebou.${next === null ? '' : ` Další zkouška bude v ${next}.`}`,
    probing: (at: string | null) => `Probíhá zkouška.${at === null ? '' : ` Nebude-li do ${at} nic známo, počítá se za ztracenou.`}`,
    throttled: (at: string) => `Systém požádal o strpení do ${at}.`,
    draining: (left: number, rate: string | null, since: string) =>
      `Zadržená doručení odcházejí od ${since}: ${plural('cs', left, { one: 'zbývá #', few: 'zbývají #', other: 'zbývá #' })}, ${rate === null ? 'rychlostí podle hubu' : `nejvýše ${rate}`}.`,
    budget: (at: string) =>
      `Opakování byla odložena v ${at}: jejich limit byl vyčerpán. Žádné se neztratí, půjdou, jak se limit zase naplní.`,
    lanes: 'Stojící řady',
    lanesNone: 'Na rozhodnutí žádná řada nečeká.',
    lane: (n: number) =>
      plural('cs', n, { one: 'čeká za ním # doručení', few: 'čekají za ním # doručení', other: 'čeká za ním # doručení' }),
    laneSince: 'od',
    lanesMore: 'Ukázány jsou jen první řady.',
    over: 'V čase',
    window: 'Období',
    windows: {
      '15m': 'posledních 15 minut',
      '1h': 'poslední hodina',
      '6h': 'posledních 6 hodin',
      '24h': 'posledních 24 hodin',
      '7d': 'posledních 7 dní',
    },
    outcomes: 'Doručení podle doby vzniku a co se s nimi stalo',
    perStep: (span: string) => `za ${span}`,
    duration: 'doba',
    latencyOver: 'Latence těch, která došla',
    open: 'ještě čeká',
    estimated: 'Rušné úseky byly vzorkovány: údaje jsou odhady.',
    policy: 'Pravidla',
    edit: 'Upravit systém',
    concurrency: 'Současně',
    concurrencyValue: (n: number) => plural('cs', n, { one: '# doručení', other: '# doručení' }),
    rateLimit: 'Nejvýše',
    rateValue: (limit: number, per: string) => `${plural('cs', limit, { other: '# doručení' })} za ${per}`,
    noLimit: 'bez vlastního omezení',
    timeout: 'Trpělivost na pokus',
    retry: 'Opakování',
    retryValue: (attempts: number | null, base: string | null, max: string | null, factor: number | null) =>
      [
        attempts === null ? '' : plural('cs', attempts, { one: '# pokus', few: '# pokusy', other: '# pokusů' }),
        base === null ? '' : `první po ${base}`,
        factor === null ? '' : `každý ${factor}× později`,
        max === null ? '' : `nejvýše po ${max}`,
      ]
        .filter((part) => part !== '')
        .join(', '),
    preset: (name: string) => `rozvrh ${name}`,
    breaker: 'Okruh se přeruší',
    breakerValue: (failures: number | null, cooldown: string | null) =>
      [failures === null ? '' : `po ${failures} chybách za sebou`, cooldown === null ? '' : `na ${cooldown}`]
        .filter((part) => part !== '')
        .join(', '),
    default: 'jak je výchozí',
    messages: 'Zprávy',
    issues: 'Problémy',
    spoke: 'Systém',
    onMap: 'Na mapě',
  },
});
