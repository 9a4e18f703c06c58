/** Words around charts. */
import { defineTexts, plural } from '../../i18n/texts.ts';

export const useChartTexts = defineTexts({
  en: {
    empty: 'No figures in this time',
    none: '–',
    time: 'Time',
    keys: 'Arrow keys move through time. Shift with arrow keys chooses a stretch, Enter zooms to it.',
    table: (label: string, rows: number) => `${label}: ${plural('en', rows, { one: 'the latest figure', other: 'the latest # figures' })}`,
  },
  cs: {
    empty: 'Za tuto dobu nejsou žádné údaje',
    none: '–',
    time: 'Čas',
    keys: 'Šipkami se posouváte v čase. Shift se šipkami vybere úsek, Enter jej přiblíží.',
    table: (label: string, rows: number) =>
      `${label}: ${plural('cs', rows, { one: 'poslední údaj', few: 'poslední # údaje', other: 'posledních # údajů' })}`,
  },
});
