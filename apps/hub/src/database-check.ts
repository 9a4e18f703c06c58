/** The readiness check of the database. */
import type { Database } from '@nave/store';
import type { ReadinessCheck } from './http/ops/index.ts';

const TIMEOUT_MS = 2_000;

/** Never throws; answers within 2 s. */
export async function databaseCheck(db: Database): Promise<ReadinessCheck> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('no answer')), TIMEOUT_MS);
  });
  try {
    await Promise.race([db.hot.query('SELECT 1'), timeout]);
    return { name: 'database', ok: true, detail: 'answers' };
  } catch {
    return { name: 'database', ok: false, detail: 'does not answer' };
  } finally {
    clearTimeout(timer);
  }
}
