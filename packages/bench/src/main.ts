/**
 * The benchmarks. `pnpm bench [--rounds 5] [--seconds 15] [--only bare,accept,postgres,redis]`: throughput.
 * `pnpm bench --isolation [--redis] [--rounds 5] [--seconds 20] [--per-spoke 15] [--waiting 100000]`: what sick systems do to well ones.
 * `pnpm bench --rows [--rows-count 10000000] [--days 60] [--rounds 5] [--seconds 10]`: what old messages do to accepting, delivering and listing.
 */
import { parseArgs } from 'node:util';
import { isolation } from './isolation.ts';
import { REDIS_PORT, startRedis } from './redis.ts';
import { rows } from './rows.ts';
import { throughput } from './throughput.ts';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '15' },
    only: { type: 'string' },
    isolation: { type: 'boolean', default: false },
    redis: { type: 'boolean', default: false },
    'per-spoke': { type: 'string', default: '15' },
    waiting: { type: 'string', default: '100000' },
    rows: { type: 'boolean', default: false },
    'rows-count': { type: 'string', default: '10000000' },
    days: { type: 'string', default: '60' },
  },
});
const common = { rounds: Number(values.rounds), durationMs: Number(values.seconds) * 1_000 };

if (values.isolation) {
  const redis = values.redis ? await startRedis() : null;
  const env: Record<string, string> = redis === null ? {} : { REDIS_URL: `redis://127.0.0.1:${REDIS_PORT}/0` };
  await isolation({ ...common, env, perSpoke: Number(values['per-spoke']), waiting: Number(values.waiting) });
  redis?.kill('SIGKILL');
} else if (values.rows) await rows({ ...common, count: Number(values['rows-count']), days: Number(values.days) });
else await throughput({ ...common, only: values.only });
