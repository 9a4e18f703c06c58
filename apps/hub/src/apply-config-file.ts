/** Applies the `nave.yaml` that NAVE_CONFIG names, at start: everything in it or nothing, and what it does not name stays. */
import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { parseNaveYaml } from '@nave/api-schema/nave-yaml';
import { readVariable } from '@nave/config';
import { isHubError } from '@nave/core';
import { applyConfiguration } from './declaration/apply-configuration.ts';
import type { AdminDeps } from './http/admin/admin-deps.ts';
import { StartRefused } from './start-refused.ts';

/** @throws StartRefused with a line for each problem: file, line, what was expected */
export async function applyConfigFile(deps: AdminDeps, path: string): Promise<void> {
  const file = resolve(path);
  const text = readFileSync(file, 'utf8');
  const parsed = parseNaveYaml(text, { env: readVariable, file: (name) => readFileSync(resolve(dirname(file), name), 'utf8') });
  if (!parsed.ok)
    throw new StartRefused(parsed.problems.map(({ path: at, line, message }) => `${file}:${line}: ${at || 'the file'}: ${message}`));
  for (const { line, path: at, message } of parsed.warnings) deps.logger.warn({ file, line, path: at }, message);
  try {
    await deps.changes.change((tx) =>
      applyConfiguration(deps, tx, parsed.config, { actor: 'config:file', prune: false, force: false, dryRun: false }),
    );
  } catch (error) {
    if (!isHubError(error) || error.errors.length === 0) throw error;
    throw new StartRefused(error.errors.map(({ path: at, message }) => `${file}:${parsed.locate(at).line}: ${at}: ${message}`));
  }
}
