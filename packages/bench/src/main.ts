/**
 * The benchmarks; every one prints its results against what is wanted. All take `--rounds 5 --seconds 15`; all but the first and `--spokes`, which measure both,
 * run on PostgreSQL alone, or with `--redis` on PostgreSQL and Redis.
 * `pnpm bench [--only bare,yardstick-postgres,postgres,yardstick-redis,redis,node-red,accept,...] [--latency-rounds 3]`: throughput and latency.
 * `pnpm bench --burst [--messages 20000] [--base-share 0.2]`: many at once, with lanes and without; a spike of ten times.
 * `pnpm bench --fan-out`: one message to ten systems.
 * `pnpm bench --spokes [--count 500] [--routes 50] [--senders 1]`: many spokes and routes.
 * `pnpm bench --rows [--rows-count 1000000,5000000,10000000] [--days 60] [--list-calls 150]`: what old messages do to accepting, delivering and listing.
 * `pnpm bench --two-workers`: whether workers add up.
 * `pnpm bench --sizes`: bodies of 1 KB to 1 MB.
 * `pnpm bench --memory [--idle-minutes 30]`: start and memory.
 * `pnpm bench --isolation [--per-spoke 15] [--waiting 100000]`: what sick systems do to well ones.
 * `pnpm bench --reply [--per-second 200]`: what a call of a reply route costs over calling the system directly.
 * `pnpm bench --dashboard [--seconds 60] [--minutes 10] [--per-second 500] [--rows-count 200000] [--days 60] [--list-calls 200] [--only load,lists,live]`: what the
 * dashboard costs its reader, in Chromium.
 */
import { parseArgs } from 'node:util';
import { burst } from './burst.ts';
import { dashboard } from './dashboard/dashboard.ts';
import { fanOut } from './fan-out.ts';
import { buildDashboard } from './hub.ts';
import { isolation } from './isolation.ts';
import { memory } from './memory.ts';
import { startRedis } from './redis.ts';
import { reply } from './reply.ts';
import { rows } from './rows.ts';
import { sizes } from './sizes.ts';
import { spike } from './spike.ts';
import { spokes } from './spokes.ts';
import { throughput } from './throughput.ts';
import { twoWorkers } from './two-workers.ts';

const flag = { type: 'boolean', default: false } as const;
const text = (value: string) => ({ type: 'string', default: value }) as const;
/** Its default depends on the benchmark. */
const given = { type: 'string' } as const;
const { values } = parseArgs({
  options: {
    ...{ rounds: text('5'), seconds: given, redis: flag, only: given, 'latency-rounds': text('3') },
    ...{ burst: flag, messages: text('20000'), 'base-share': text('0.2'), 'fan-out': flag },
    ...{ spokes: flag, count: text('500'), routes: text('50'), senders: text('1') },
    ...{ rows: flag, 'rows-count': given, days: text('60'), 'list-calls': given },
    ...{ 'two-workers': flag, sizes: flag, memory: flag, 'idle-minutes': text('30') },
    ...{ reply: flag, 'per-second': given, dashboard: flag, minutes: text('0') },
    ...{ isolation: flag, 'per-spoke': text('15'), waiting: text('100000') },
  },
});
buildDashboard();
const common = { rounds: Number(values.rounds), durationMs: Number(values.seconds ?? 15) * 1_000 };

if (values.spokes)
  await spokes({ ...common, many: { spokes: Number(values.count), routes: Number(values.routes), senders: Number(values.senders) } });
else if (values.reply) await reply({ ...common, perSecond: Number(values['per-second'] ?? 200) });
else if (values.dashboard)
  await dashboard({
    ...{ rounds: common.rounds, only: values.only, days: Number(values.days) },
    ...{
      durationMs: Number(values.seconds ?? 60) * 1_000,
      longMs: Number(values.minutes) * 60_000,
      perSecond: Number(values['per-second'] ?? 500),
    },
    ...{ oldRows: Number(values['rows-count'] ?? 200_000), listCalls: Number(values['list-calls'] ?? 200) },
  });
else if (values['two-workers']) await twoWorkers({ ...common, redis: values.redis });
else if (values.rows)
  await rows({
    ...common,
    ...{
      steps: (values['rows-count'] ?? '1000000,5000000,10000000').split(',').map(Number),
      days: Number(values.days),
      listCalls: Number(values['list-calls'] ?? 150),
    },
  });
else if (values.burst || values['fan-out'] || values.sizes || values.memory || values.isolation) await onOneBackend();
else await throughput({ ...common, only: values.only, latencyRounds: Number(values['latency-rounds']) });

async function onOneBackend(): Promise<void> {
  const redis = values.redis ? await startRedis() : null;
  const redisUrl = redis?.url ?? null;
  try {
    if (values.burst) {
      await burst({ ...common, redisUrl, messages: Number(values.messages) });
      await spike({ ...common, redisUrl, baseShare: Number(values['base-share']) });
    }
    if (values['fan-out']) await fanOut({ ...common, redisUrl });
    if (values.sizes) await sizes({ ...common, redisUrl });
    if (values.memory) await memory({ ...common, redisUrl, idleMs: Number(values['idle-minutes']) * 60_000 });
    if (values.isolation)
      await isolation({
        ...common,
        ...{
          env: redisUrl === null ? {} : { REDIS_URL: redisUrl },
          perSpoke: Number(values['per-spoke']),
          waiting: Number(values.waiting),
        },
      });
  } finally {
    redis?.stop();
  }
}
