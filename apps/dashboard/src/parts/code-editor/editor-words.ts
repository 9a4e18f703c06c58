/** The editor's own words in Czech; it speaks English by itself. */
import type { Language } from '../../i18n/preferences.ts';

const CZECH: Readonly<Record<string, string>> = {
  Find: 'Hledat',
  Replace: 'Nahradit',
  next: 'další',
  previous: 'předchozí',
  all: 'vše',
  'match case': 'rozlišovat velikost',
  'by word': 'celá slova',
  regexp: 'regulární výraz',
  replace: 'nahradit',
  'replace all': 'nahradit vše',
  close: 'zavřít',
  'current match': 'aktuální shoda',
  'on line': 'na řádku',
  'replaced match on line $': 'nahrazeno na řádku $',
  'replaced $ matches': 'nahrazeno výskytů: $',
  'Go to line': 'Přejít na řádek',
  go: 'přejít',
  'folded code': 'sbalený text',
  unfold: 'rozbalit',
  'Fold line': 'Sbalit',
  'Unfold line': 'Rozbalit',
  'Folded lines': 'Sbalené řádky',
  'Unfolded lines': 'Rozbalené řádky',
  to: 'až',
  Diagnostics: 'Problémy',
  'No diagnostics': 'Bez problémů',
  Completions: 'Nabídka doplnění',
  'Control character': 'Řídicí znak',
  'Selection deleted': 'Výběr smazán',
  '$ unchanged lines': 'beze změny: $ ř.',
};

export function editorWords(language: Language): Record<string, string> {
  return language === 'cs' ? { ...CZECH } : {};
}
