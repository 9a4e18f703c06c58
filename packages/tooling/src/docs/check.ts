/** `pnpm check:docs`: documents say what is so. With `--write`, the ones made from code are written first (`pnpm docs:write`). */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { KINDS } from '@nave/adapters';
import { ROOT } from '../architecture/workspace.ts';
import { codesWithoutAdvice } from './error-table.ts';
import type { Finding } from './finding.ts';
import { checkKindPages } from './kind-pages.ts';
import { checkLinks } from './links.ts';
import { checkPrismaClient } from './prisma-client.ts';
import { checkRenderedDocuments, writeRenderedDocuments } from './rendered-documents.ts';

if (process.argv.includes('--write')) writeRenderedDocuments(ROOT);

const findings: Finding[] = [
  ...checkRenderedDocuments(ROOT),
  ...codesWithoutAdvice(readFileSync(join(ROOT, 'docs/errors.md'), 'utf8')).map((code) => ({
    file: 'docs/errors.md',
    message: `says nothing on what to do about ${code}`,
  })),
  ...checkKindPages(ROOT, KINDS),
  ...checkLinks(ROOT),
  ...checkPrismaClient(ROOT),
];

for (const { file, message } of findings) console.error(`${file}: ${message}`);
if (findings.length > 0) process.exitCode = 1;
else console.log('The documents agree with the code.');
