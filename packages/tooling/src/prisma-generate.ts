/** `pnpm generate`: writes the Prisma client into packages/store. */
import { ROOT } from './architecture/workspace.ts';
import { runPrismaGenerate } from './run-prisma-generate.ts';

process.exitCode = runPrismaGenerate(ROOT, [], 'inherit').ok ? 0 : 1;
