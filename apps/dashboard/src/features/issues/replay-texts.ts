/** Words of replays: of many messages again, and of many dead deliveries again or given up. */
import type { Replay } from '@nave/api-schema';
import { defineTexts, plural } from '../../i18n/texts.ts';
import { FILTER_WORDS_CS, FILTER_WORDS_EN } from './filter-texts.ts';

type Mode = Replay['mode'];

export const useReplayTexts = defineTexts({
  en: {
    filter: FILTER_WORDS_EN,
    list: 'Replays',
    listAnswer: 'Bulk retries, replays, skips and cancels, the newest first.',
    listRunning: (n: number) => plural('en', n, { one: '# is running now.', other: '# are running now.' }),
    empty: 'No replay yet',
    emptyHint: 'Retrying a failure, or replaying messages, makes one: it shows its progress here and can be paused and stopped.',
    backToIssues: 'Issues',
    verb: (mode: Mode) => ({ replay: 'Replay', retry: 'Retry', skip: 'Skip', cancel: 'Cancel' })[mode],
    title: (mode: Mode) => ({ replay: 'Replay', retry: 'Bulk retry', skip: 'Bulk skip', cancel: 'Bulk cancel' })[mode],
    progress: (done: string, total: string, mode: Mode) =>
      `${done} of ${total} ${{ replay: 'messages made again', retry: 'deliveries put back to work', skip: 'deliveries skipped', cancel: 'deliveries cancelled' }[mode]}`,
    answer: (state: Replay['state'], left: number, eta: string | null) =>
      ({
        running: `It runs${eta === null ? '' : `, about ${eta} to go`}: ${plural('en', left, { one: '# is left.', other: '# are left.' })}`,
        paused: `It is paused: ${plural('en', left, { one: '# is left', other: '# are left' })} and nothing more is done until somebody resumes it.`,
        stopped: `It was stopped for good: ${plural('en', left, { one: '# was left as it was.', other: '# were left as they were.' })}`,
        done: 'It is done.',
      })[state],
    doneMeans: (mode: Mode) =>
      ({
        replay: 'Done means: new deliveries were made. Whether they succeed is shown by the messages.',
        retry: 'Done means: they are being sent again, with the same ids and keys. Those that fail again come back to the failure.',
        skip: 'Skipped is final. Lanes that were blocked went on.',
        cancel: 'Cancelled is final. Lanes that were blocked went on.',
      })[mode],
    failed: (n: number) => plural('en', n, { one: '# could not be made again', other: '# could not be made again' }),
    progressLabel: 'Progress',
    what: 'What',
    state: 'State',
    rate: 'Rate',
    rateOf: (rate: string) => `at most ${rate} a second`,
    rateDefault: 'up to 500 a second, growing from 10',
    by: 'Started by',
    at: 'Started',
    finished: 'Finished',
    version: 'Route version',
    versionOf: (n: number) => `version ${n}`,
    originalVersion: 'the present one',
    failedHeader: 'Failed',
    pause: 'Pause',
    resume: 'Resume',
    stop: 'Stop for good',
    hold: 'Hold what is not sent yet',
    stopTitle: 'Stop it for good?',
    stopMeans: (mode: Mode, left: number) =>
      mode === 'replay'
        ? `What it made and nobody has sent yet is cancelled; ${plural('en', left, { one: '# message is', other: '# messages are' })} not made again. This is final.`
        : `${plural('en', left, { one: '# delivery stays', other: '# deliveries stay' })} dead. What was done already stays done. This is final: a new one can be started.`,
    paused: 'Paused',
    resumed: 'Resumed',
    stopped: 'Stopped',
    left: 'What is left of the failure',
    leftNone: 'No delivery is dead for this reason any more.',
    leftSome: (n: number) =>
      plural('en', n, { one: '# delivery is dead for this reason now.', other: '# deliveries are dead for this reason now.' }),
    openIssue: 'Open the failure',
  },
  cs: {
    filter: FILTER_WORDS_CS,
    list: 'Hromadné akce',
    listAnswer: 'Hromadná opakování, přehrání, přeskočení a zrušení, nejnovější nahoře.',
    listRunning: (n: number) => plural('cs', n, { one: '# právě běží.', few: '# právě běží.', other: '# právě běží.' }),
    empty: 'Zatím žádná hromadná akce',
    emptyHint:
      'Vznikne, když zopakujete celou skupinu selhání nebo přehrajete zprávy: tady je vidět, jak postupuje, a dá se pozastavit i zastavit.',
    backToIssues: 'Problémy',
    verb: (mode: Mode) => ({ replay: 'Přehrát', retry: 'Zopakovat', skip: 'Přeskočit', cancel: 'Zrušit' })[mode],
    title: (mode: Mode) =>
      ({ replay: 'Přehrání', retry: 'Hromadné opakování', skip: 'Hromadné přeskočení', cancel: 'Hromadné zrušení' })[mode],
    progress: (done: string, total: string, mode: Mode) =>
      `${{ replay: 'přehráno', retry: 'vráceno do práce', skip: 'přeskočeno', cancel: 'zrušeno' }[mode]} ${done} z ${total}`,
    answer: (state: Replay['state'], left: number, eta: string | null) =>
      ({
        running: `Běží${eta === null ? '' : `, ještě asi ${eta}`}: zbývá ${plural('cs', left, { other: '#' })}.`,
        paused: `Je pozastavena: zbývá ${plural('cs', left, { other: '#' })} a nic dalšího se nestane, dokud ji někdo nespustí.`,
        stopped: `Byla natrvalo zastavena: ${plural('cs', left, { one: '# zůstalo, jak bylo.', few: '# zůstala, jak byla.', other: '# zůstalo, jak bylo.' })}`,
        done: 'Je hotova.',
      })[state],
    doneMeans: (mode: Mode) =>
      ({
        replay: 'Hotovo znamená, že vznikla nová doručení. Zda uspějí, ukáží zprávy.',
        retry: 'Hotovo znamená, že se odesílají znovu, se stejnými id a klíči. Co selže znovu, vrátí se do skupiny selhání.',
        skip: 'Přeskočení je konečné. Stojící řady pokračovaly.',
        cancel: 'Zrušení je konečné. Stojící řady pokračovaly.',
      })[mode],
    failed: (n: number) => plural('cs', n, { one: '# nešlo přehrát', few: '# nešly přehrát', other: '# nešlo přehrát' }),
    progressLabel: 'Postup',
    what: 'Čeho se týká',
    state: 'Stav',
    rate: 'Rychlost',
    rateOf: (rate: string) => `nejvýš ${rate} za sekundu`,
    rateDefault: 'až 500 za sekundu, rozbíhá se od 10',
    by: 'Spustil',
    at: 'Spuštěno',
    finished: 'Dokončeno',
    version: 'Verze trasy',
    versionOf: (n: number) => `verze ${n}`,
    originalVersion: 'současná',
    failedHeader: 'Selhalo',
    pause: 'Pozastavit',
    resume: 'Pokračovat',
    stop: 'Zastavit natrvalo',
    hold: 'Zadržet, co ještě neodešlo',
    stopTitle: 'Zastavit natrvalo?',
    stopMeans: (mode: Mode, left: number) =>
      mode === 'replay'
        ? `Co vzniklo a ještě se neodeslalo, se zruší; ${plural('cs', left, { one: '# zpráva se nepřehraje', few: '# zprávy se nepřehrají', other: '# zpráv se nepřehraje' })}. Je to konečné.`
        : `${plural('cs', left, { one: '# doručení zůstane mrtvé', few: '# doručení zůstanou mrtvá', other: '# doručení zůstane mrtvých' })}. Co už proběhlo, platí. Je to konečné: lze jen spustit novou akci.`,
    paused: 'Pozastaveno',
    resumed: 'Běží dál',
    stopped: 'Zastaveno',
    left: 'Co ze skupiny selhání zbývá',
    leftNone: 'Z tohoto důvodu už žádné doručení mrtvé není.',
    leftSome: (n: number) =>
      plural('cs', n, {
        one: 'Z tohoto důvodu je teď mrtvé # doručení.',
        few: 'Z tohoto důvodu jsou teď mrtvá # doručení.',
        other: 'Z tohoto důvodu je teď mrtvých # doručení.',
      }),
    openIssue: 'Otevřít selhání',
  },
});
