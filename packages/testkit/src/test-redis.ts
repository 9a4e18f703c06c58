/** The Redis of the test run: one server, a database number per test file so that files do not meet. */
import { inject } from 'vitest';

/** URL of the shared redis-server, or null when it is not installed (suites that need it are then skipped). */
export function testRedisUrl(): string | null {
  return inject('redisUrl');
}
