/** The table of `docs/errors.md`: one row per code of the catalogue, with the advice that is written by hand kept. */
import { ERROR_CATALOGUE } from '@nave/core';

const BEGIN = '<!-- codes: made by "pnpm docs:write" from packages/core; the last column is kept -->';
const END = '<!-- /codes -->';
const HEAD = '| code | category | title | what to do |\n| --- | --- | --- | --- |';
const ROW = /^\| `([^`]+)` \| .*? \| .*? \| (.*) \|$/gm;
const UNWRITTEN = '';

/**
 * The document with its table brought up to date.
 * @throws Error when the document does not mark where the table is
 */
export function withErrorTable(document: string): string {
  const begin = document.indexOf(BEGIN);
  const end = document.indexOf(END);
  if (begin < 0 || end < begin) throw new Error(`docs/errors.md needs the lines ${BEGIN} and ${END}`);
  const advice = new Map([...document.slice(begin, end).matchAll(ROW)].map(([, code, text]) => [code, text]));
  const rows = Object.entries(ERROR_CATALOGUE).map(
    ([code, { category, title }]) => `| \`${code}\` | ${category} | ${title} | ${advice.get(code) ?? UNWRITTEN} |`,
  );
  return `${document.slice(0, begin)}${BEGIN}\n${HEAD}\n${rows.join('\n')}\n${document.slice(end)}`;
}

/** Codes of the table that say nothing on what to do. */
export function codesWithoutAdvice(document: string): string[] {
  return [...document.matchAll(ROW)].filter(([, , text]) => (text ?? '').trim() === '').map(([, code]) => code ?? '');
}
