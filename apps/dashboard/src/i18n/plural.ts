/** Words with numbers; apart from the choice of language, so that it works where there is no page. */
import type { Language } from './preferences.ts';

type Forms = Partial<Record<Intl.LDMLPluralRule, string>> & { other: string };

const rules = new Map<Language, Intl.PluralRules>();
const numbers = new Map<Language, Intl.NumberFormat>();

/** The form of a number in a language, `#` replaced by the number. Czech has one, few (2 to 4), many (decimals) and other. */
export function plural(language: Language, count: number, forms: Forms): string {
  const rule = rules.get(language) ?? new Intl.PluralRules(language);
  rules.set(language, rule);
  const number = numbers.get(language) ?? new Intl.NumberFormat(language);
  numbers.set(language, number);
  return (forms[rule.select(count)] ?? forms.other).replaceAll('#', number.format(count));
}
