/** The pages of kinds: that each is there, and answers the same questions in the same order. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { KINDS } from '@nave/adapters';
import type { Finding } from './finding.ts';

type Kind = (typeof KINDS)[number];

/** The headings of every page, in this order; others may stand between them. */
export const KIND_PAGE_HEADINGS = [
  'What it is for',
  'Set up in the other system',
  'Set up in Nave',
  'Operations',
  'Events',
  'Known traps',
  'Not confirmed',
] as const;

export function checkKindPages(root: string, kinds: readonly Pick<Kind, 'kind' | 'docs'>[]): Finding[] {
  return kinds.flatMap(({ kind, docs }) => {
    const file = `docs/${docs}`;
    if (!existsSync(join(root, file))) return [{ file, message: `is missing: it is the page of the kind ${kind}` }];
    return kindPageProblems(readFileSync(join(root, file), 'utf8')).map((message) => ({ file, message }));
  });
}

/** What a page lacks. */
export function kindPageProblems(text: string): string[] {
  const headings = [...text.matchAll(/^## (.+)$/gm)].map(([, heading]) => heading ?? '');
  const missing = KIND_PAGE_HEADINGS.filter((heading) => !headings.includes(heading));
  if (missing.length > 0) return [`lacks the heading ${missing.join(', ')}`];
  const places = KIND_PAGE_HEADINGS.map((heading) => headings.indexOf(heading));
  const ordered = places.every((place, index) => index === 0 || place > (places[index - 1] ?? 0));
  return ordered ? [] : [`has its headings in another order than ${KIND_PAGE_HEADINGS.join(', ')}`];
}
