/** Words of the audit screen. */
import { defineTexts, plural } from '../../i18n/texts.ts';

export const useAuditTexts = defineTexts({
  en: {
    title: 'Audit',
    answer: 'What people and the guards of the hub did. Entries are chained: a changed, deleted or added one is found.',
    verify: 'Verify the chain',
    verifying: 'The whole chain is being computed again…',
    holds: (entries: number) =>
      plural('en', entries, { one: 'The chain holds: # entry was checked.', other: 'The chain holds: # entries were checked.' }),
    unsealed: (n: number) =>
      plural('en', n, {
        one: '# entry is not chained yet; that takes a second.',
        other: '# entries are not chained yet; that takes a second.',
      }),
    broken: (place: number) => `The chain is broken at entry ${place}. Somebody changed the record behind the hub's back.`,
    actor: 'Actor',
    action: 'Action',
    subject: 'Subject',
    time: 'Time',
    place: 'Place',
    detail: 'Detail',
    hash: 'Hash',
    notChained: 'being chained',
    empty: 'No entry matches',
    emptyHint: 'Widen the time or take a filter away. Patterns such as spoke.* work for actions.',
    entries: 'Audit entries',
    entry: 'Audit entry',
    goTo: 'Open the subject',
  },
  cs: {
    title: 'Audit',
    answer: 'Co udělali lidé a strážci hubu. Záznamy tvoří řetěz: změněný, smazaný i přidaný se najde.',
    verify: 'Ověřit řetěz',
    verifying: 'Celý řetěz se přepočítává…',
    holds: (entries: number) =>
      plural('cs', entries, {
        one: 'Řetěz drží: ověřen # záznam.',
        few: 'Řetěz drží: ověřeny # záznamy.',
        other: 'Řetěz drží: ověřeno # záznamů.',
      }),
    unsealed: (n: number) =>
      plural('cs', n, {
        one: '# záznam ještě není v řetězu; trvá to vteřinu.',
        few: '# záznamy ještě nejsou v řetězu; trvá to vteřinu.',
        other: '# záznamů ještě není v řetězu; trvá to vteřinu.',
      }),
    broken: (place: number) => `Řetěz je přerušen u záznamu ${place}. Někdo změnil záznamy za zády hubu.`,
    actor: 'Kdo',
    action: 'Co',
    subject: 'Čeho se to týká',
    time: 'Kdy',
    place: 'Pořadí',
    detail: 'Podrobnosti',
    hash: 'Otisk',
    notChained: 'řetězí se',
    empty: 'Žádný záznam neodpovídá',
    emptyHint: 'Rozšiřte čas nebo uberte filtr. U akcí fungují vzory jako spoke.*.',
    entries: 'Záznamy auditu',
    entry: 'Záznam auditu',
    goTo: 'Otevřít předmět',
  },
});
