/** Words of the user interface: each feature has its own, in every language, checked to be complete by the types. */
import { type Language, usePreferences } from './preferences.ts';

/**
 * A hook for the words of one place. The Czech ones must have the shape of the English ones; words with a number or a name in them are functions.
 * @example const useTexts = defineTexts({ en: { dead: (n: number) => plural('en', n, { one: '# is dead', other: '# are dead' }) }, cs: { ... } });
 */
export function defineTexts<T extends object>(texts: { en: T; cs: NoInfer<T> }): () => T {
  return () => texts[usePreferences().language];
}

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
