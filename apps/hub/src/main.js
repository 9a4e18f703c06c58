/**
 * `pnpm start`. Compiled code is kept between starts, so everything else is loaded after the cache is on. JavaScript, alone of all files: Node loads its
 * reader of TypeScript (some 15 MB) for the first TypeScript file that the cache does not hold, and never for those it holds.
 */
import { enableCompileCache } from 'node:module';
import { fileURLToPath } from 'node:url';

// Where it cannot be written (a read-only image), Node goes on without.
enableCompileCache(fileURLToPath(new URL('../../../node_modules/.cache/nave', import.meta.url)));
await import('./run.ts');
