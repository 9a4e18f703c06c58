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
 */
import { parseArgs } from 'node:util';
import { burst } from './burst.ts';
import { fanOut } from './fan-out.ts';
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
const { values } = parseArgs({
  options: {
    ...{ rounds: text('5'), seconds: text('15'), redis: flag, only: { type: 'string' }, 'latency-rounds': text('3') },
    ...{ burst: flag, messages: text('20000'), 'base-share': text('0.2'), 'fan-out': flag },
    ...{ spokes: flag, count: text('500'), routes: text('50'), senders: text('1') },
    ...{ rows: flag, 'rows-count': text('1000000,5000000,10000000'), days: text('60'), 'list-calls': text('150') },
    ...{ 'two-workers': flag, sizes: flag, memory: flag, 'idle-minutes': text('30') },
    ...{ reply: flag, 'per-second': text('200') },
    ...{ isolation: flag, 'per-spoke': text('15'), waiting: text('100000') },
  },
});
const common = { rounds: Number(values.rounds), durationMs: Number(values.seconds) * 1_000 };

if (values.spokes)
  await spokes({ ...common, many: { spokes: Number(values.count), routes: Number(values.routes), senders: Number(values.senders) } });
else if (values.reply) await reply({ ...common, perSecond: Number(values['per-second']) });
else if (values['two-workers']) await twoWorkers({ ...common, redis: values.redis });
else if (values.rows)
  await rows({
    ...common,
    ...{ steps: values['rows-count'].split(',').map(Number), days: Number(values.days), listCalls: Number(values['list-calls']) },
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
