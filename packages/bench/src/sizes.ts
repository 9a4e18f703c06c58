/** `pnpm bench --sizes`: bodies of 1 KB to 1 MB, which the route hands on whole: MB/s end to end, and how long the hub's event loop is held up. */
import { configure } from './configure.ts';
import { startHub } from './hub.ts';
import { startLoad } from './load/start-load.ts';
import { residentMb } from './processes.ts';
import { spreadOf } from './spread.ts';
import { type Sink, startSink } from './start-sink.ts';
import { printTable, shown } from './table.ts';

export interface SizesOptions {
  rounds: number;
  durationMs: number;
  redisUrl: string | null;
}

interface Measured {
  perSecond: number;
  mbPerSecond: number;
  /** p99 of the delay of the event loop. */
  loopMs: number;
  loopMaxMs: number;
  residentMb: number;
  refused: number;
}

const KB = 1_024;
const SIZES = [
  { name: '1 KB', bytes: KB, connections: 64 },
  { name: '10 KB', bytes: 10 * KB, connections: 64 },
  { name: '100 KB', bytes: 100 * KB, connections: 32 },
  { name: '1 MB', bytes: 1_000 * KB, connections: 8 },
] as const;
const WARM_MS = 3_000;
const DRAIN_MS = 120_000;
const BYTES_MAX = 5 * KB * KB;
const LOOP_MS = 20;
/** What is called lag is the time between two samples (packages/telemetry/src/metrics.ts): an idle loop shows these 50 ms. */
const SAMPLE_MS = 50;
const LAG = ['nodejs_eventloop_lag_p99_seconds', 'nodejs_eventloop_lag_max_seconds'];

export async function sizes({ rounds, durationMs, redisUrl }: SizesOptions): Promise<void> {
  const sink = await startSink();
  const results = new Map<string, Measured[]>(SIZES.map(({ name }) => [name, []]));
  try {
    for (let round = 1; round <= rounds; round++) {
      for (const size of SIZES) {
        const measured = await measure(sink, size, durationMs, redisUrl);
        results.get(size.name)?.push(measured);
        console.log(
          `${round}/${rounds} ${size.name}: ${measured.perSecond.toFixed(0)}/s, ${measured.mbPerSecond.toFixed(1)} MB/s, loop p99 ${measured.loopMs.toFixed(1)} ms`,
        );
      }
    }
    report(results);
  } finally {
    sink.stop();
  }
}

async function measure(sink: Sink, size: (typeof SIZES)[number], durationMs: number, redisUrl: string | null): Promise<Measured> {
  const hub = await startHub(redisUrl === null ? {} : { REDIS_URL: redisUrl });
  const load = await startLoad(hub);
  try {
    await configure(hub, sink.port, { whole: true, bytesMax: BYTES_MAX });
    const shape = { bytes: size.bytes, connections: size.connections };
    await sink.reset();
    const warm = await load.closed({ ...shape, durationMs: WARM_MS });
    await sink.drained(warm.acknowledged, DRAIN_MS);
    await sink.reset();
    // Asking begins anew what is asked for.
    await hub.metrics(LAG);
    const sent = await load.closed({ ...shape, durationMs });
    const { received, bytes } = await sink.report();
    const lag = await hub.metrics(LAG);
    const resident = residentMb(hub.pid);
    await sink.drained(sent.acknowledged, DRAIN_MS);
    return {
      perSecond: received / sent.seconds,
      mbPerSecond: bytes / 1e6 / sent.seconds,
      loopMs: Math.max(0, (lag[0] ?? Number.NaN) * 1_000 - SAMPLE_MS),
      loopMaxMs: Math.max(0, (lag[1] ?? Number.NaN) * 1_000 - SAMPLE_MS),
      residentMb: resident,
      refused: sent.sent - sent.acknowledged,
    };
  } finally {
    load.stop();
    await hub.stop();
  }
}

function report(results: ReadonlyMap<string, readonly Measured[]>): void {
  let before = 0;
  const rows = [...results].map(([name, all]) => {
    const of = (pick: (measured: Measured) => number) => spreadOf(all.map(pick));
    const rate = of(({ mbPerSecond }) => mbPerSecond);
    const grows = rate.median > before;
    before = rate.median;
    const loop = of(({ loopMs }) => loopMs);
    const verdicts = [grows ? 'MB/s grow: met' : 'MB/s grow: NOT MET'];
    if (name === '100 KB') verdicts.push(`loop p99 <= ${LOOP_MS} ms: ${loop.median <= LOOP_MS ? 'met' : 'NOT MET'}`);
    return [
      name,
      shown(
        of(({ perSecond }) => perSecond),
        0,
      ),
      shown(rate, 1),
      shown(loop, 1, ' ms'),
      `${of(({ loopMaxMs }) => loopMaxMs).median.toFixed(0)} ms`,
      `${of(({ residentMb: mb }) => mb).median.toFixed(0)} MB`,
      String(all.reduce((sum, { refused }) => sum + refused, 0)),
      verdicts.join(', '),
    ];
  });
  printTable('sizes', ['body', 'delivered/s', 'MB/s at the sink', 'event loop delay p99', 'its max', 'memory', 'refused', 'verdict'], rows);
}
