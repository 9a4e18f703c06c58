/** Whether the committed Prisma client is the one that `prisma/schema.prisma` gives: it is generated again, elsewhere, and compared. */
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runPrismaGenerate } from '../run-prisma-generate.ts';
import type { Finding } from './finding.ts';

const CLIENT = 'packages/store/src/generated';

export function checkPrismaClient(root: string): Finding[] {
  const elsewhere = mkdtempSync(join(tmpdir(), 'nave-client-'));
  try {
    // The schema names the client's folder relative to itself, so a copy of the schema writes next to the copy.
    cpSync(join(root, 'prisma/schema.prisma'), join(elsewhere, 'prisma/schema.prisma'));
    const { ok, output } = runPrismaGenerate(root, ['--schema', join(elsewhere, 'prisma/schema.prisma')], 'pipe');
    if (!ok) return [{ file: 'prisma/schema.prisma', message: `cannot be generated from: ${output}` }];
    const fresh = read(join(elsewhere, CLIENT));
    const committed = read(join(root, CLIENT));
    const names = new Set([...fresh.keys(), ...committed.keys()]);
    const stale = [...names].filter((name) => fresh.get(name) !== committed.get(name));
    return stale.map((name) => ({ file: `${CLIENT}/${name}`, message: 'is not what prisma/schema.prisma gives; run "pnpm generate"' }));
  } finally {
    rmSync(elsewhere, { recursive: true, force: true });
  }
}

function read(dir: string): Map<string, string> {
  const files = readdirSync(dir, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return new Map(
    files.map((entry) => {
      const path = join(entry.parentPath, entry.name);
      return [path.slice(dir.length + 1).replaceAll('\\', '/'), readFileSync(path, 'utf8')];
    }),
  );
}
