/** Makes, once per run, the database cluster that the scenes of the fault suites copy: initialised and migrated, as any hub's after its first start. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { prepareQueueBackend } from './packages/queue/src/index.ts';
import { migrate, startEmbeddedPostgres } from './packages/store/src/index.ts';
import { buildDashboard } from './vitest.dashboard.ts';

export default async function setup(project: TestProject): Promise<() => void> {
  const dir = mkdtempSync(join(tmpdir(), 'nave-fault-template-'));
  const server = await startEmbeddedPostgres({ dir: join(dir, 'server'), database: 'nave' });
  await migrate(server.url);
  await prepareQueueBackend({ redisUrl: null, postgresUrl: server.url });
  await server.stop();
  await buildDashboard();
  project.provide('clusterTemplate', join(dir, 'server'));
  return () => rmSync(dir, { recursive: true, force: true });
}
