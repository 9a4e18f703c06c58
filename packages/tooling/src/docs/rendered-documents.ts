/** Documents that are made from code: compared by the check, written by `pnpm docs:write`. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { KINDS } from '@nave/adapters';
import { renderConfigurationDoc, renderEnvExample } from '@nave/config';
import { withErrorTable } from './error-table.ts';
import type { Finding } from './finding.ts';
import { renderKindList } from './kind-list.ts';

interface RenderedDocument {
  path: string;
  /** The whole file as it should be, from the file as it is. */
  render: (current: string) => string;
}

const DOCUMENTS: readonly RenderedDocument[] = [
  { path: '.env.example', render: renderEnvExample },
  { path: 'docs/configuration.md', render: renderConfigurationDoc },
  { path: 'docs/errors.md', render: withErrorTable },
  { path: 'docs/kinds.md', render: () => renderKindList(KINDS) },
];

export function checkRenderedDocuments(root: string): Finding[] {
  return DOCUMENTS.filter(({ path, render }) => current(root, path) !== render(current(root, path))).map(({ path }) => ({
    file: path,
    message: 'differs from the code it is made from; run "pnpm docs:write"',
  }));
}

export function writeRenderedDocuments(root: string): void {
  for (const { path, render } of DOCUMENTS) writeFileSync(join(root, path), render(current(root, path)));
}

function current(root: string, path: string): string {
  const file = join(root, path);
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}
