/** Words of the user interface: each feature has its own, in every language, checked to be complete by the types. */
import { usePreferences } from './preferences.ts';

export { plural } from './plural.ts';

/**
 * A hook for the words of one place. The Czech ones must have the shape of the English ones; words with a number or a name in them are functions.
 * @example const useTexts = defineTexts({ en: { dead: (n: number) => plural('en', n, { one: '# is dead', other: '# are dead' }) }, cs: { ... } });
 */
export function defineTexts<T extends object>(texts: { en: T; cs: NoInfer<T> }): () => T {
  return () => texts[usePreferences().language];
}
