/** The words of all tables. */
import { defineTexts, plural } from '../i18n/texts.ts';

export const useTableTexts = defineTexts({
  en: {
    columns: 'Columns',
    squeezed: 'no room now',
    selectAll: 'Select all rows that are loaded',
    select: 'Select this row',
    selected: (n: number) => plural('en', n, { other: '# selected' }),
    clear: 'Clear selection',
    fresh: (n: number) => plural('en', n, { other: '# new' }),
    next: 'Next row',
    previous: 'Previous row',
    open: 'Open the row',
    toggle: 'Select the row',
    loading: 'Loading more…',
  },
  cs: {
    columns: 'Sloupce',
    squeezed: 'teď se nevejde',
    selectAll: 'Vybrat všechny načtené řádky',
    select: 'Vybrat tento řádek',
    selected: (n: number) => plural('cs', n, { other: 'vybráno: #' }),
    clear: 'Zrušit výběr',
    fresh: (n: number) => plural('cs', n, { other: 'nové: #' }),
    next: 'Další řádek',
    previous: 'Předchozí řádek',
    open: 'Otevřít řádek',
    toggle: 'Vybrat řádek',
    loading: 'Načítají se další…',
  },
});
