/** The languages that editors know. */
export const CODE_LANGUAGES = ['json', 'jsonata', 'yaml', 'xml', 'text'] as const;
export type CodeLanguage = (typeof CODE_LANGUAGES)[number];
