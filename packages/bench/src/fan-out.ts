/** `pnpm bench --fan-out`: one route to one spoke against ten routes to ten spokes: deliveries a second, and what is stored of a message. */
import { configure } from './configure.ts';
import { queryRows } from './database.ts';
import { startHub } from './hub.ts';
import { measurePeak } from './measure-peak.ts';
import { cpuUse } from './processes.ts';
import { inRounds, ratios, spreadOf } from './spread.ts';
import { startSink } from './start-sink.ts';
import { atLeast, printLines, shown } from './table.ts';

export interface FanOutOptions {
  rounds: number;
  durationMs: number;
  redisUrl: string | null;
}

interface Measured {
  deliveredPerSecond: number;
  lost: number;
  stored: Stored;
}

interface Stored {
  messages: number;
  /** Different stored contents: each is sealed by itself, so no two are alike. */
  bodies: number;
  deliveries: number;
  /** Messages that have not exactly as many deliveries as there are routes. */
  wrong: number;
}

const WIDE = 10;
const CASES = ['one', 'ten'] as const;
const STORED = `SELECT count(*)::int AS messages, count(DISTINCT content)::int AS bodies, coalesce(sum(d.count), 0)::int AS deliveries, count(*) FILTER (WHERE d.count IS DISTINCT FROM $1)::int AS wrong
  FROM message LEFT JOIN (SELECT message_id, count(*) FROM delivery GROUP BY 1) AS d ON d.message_id = message.id`;

export async function fanOut({ rounds, durationMs, redisUrl }: FanOutOptions): Promise<void> {
  const sink = await startSink();
  try {
    const results = await inRounds(rounds, CASES, async (name, round): Promise<Measured> => {
      const hub = await startHub(redisUrl === null ? {} : { REDIS_URL: redisUrl });
      try {
        const receivers = name === 'one' ? 1 : WIDE;
        await configure(hub, sink.port, { receivers });
        const cpu = () => ({ own: cpuUse(hub.pid).own, postgres: cpuUse(hub.pid).below });
        const peak = await measurePeak({ host: hub.host, port: hub.port, cpu, stop: hub.stop }, sink, {
          durationMs,
          deliveries: receivers,
        });
        const [stored] = await queryRows<Stored & Record<string, number>>(hub.databaseUrl(), STORED, [receivers]);
        if (stored === undefined) throw new Error('nothing was counted');
        console.log(
          `${round}/${rounds} to ${receivers}: ${peak.deliveredPerSecond.toFixed(0)} deliveries/s of ${peak.acknowledgedPerSecond.toFixed(0)} messages/s, stored ${JSON.stringify(stored)}`,
        );
        return { deliveredPerSecond: peak.deliveredPerSecond, lost: peak.lost, stored };
      } finally {
        await hub.stop();
      }
    });
    const [one, ten] = [results.get('one') ?? [], results.get('ten') ?? []];
    const rates = (all: readonly Measured[]) => all.map(({ deliveredPerSecond }) => deliveredPerSecond);
    const every = [...one, ...ten];
    const lost = every.reduce((sum, each) => sum + each.lost, 0);
    const wrong = every.reduce((sum, { stored }) => sum + stored.wrong, 0);
    const once = every.every(({ stored }) => stored.bodies === stored.messages);
    printLines('fan-out', [
      { what: 'deliveries/s, 1 route to 1 spoke', measured: shown(spreadOf(rates(one)), 0) },
      { what: `deliveries/s, ${WIDE} routes to ${WIDE} spokes`, measured: shown(spreadOf(rates(ten)), 0) },
      atLeast('deliveries/s, ten / one', spreadOf(ratios(rates(ten), rates(one))), 1.3),
      { what: 'one row and one stored body per message', measured: once ? 'yes' : 'no', wanted: 'yes', met: once },
      { what: 'messages without all their deliveries', measured: String(wrong), wanted: '0', met: wrong === 0 },
      { what: 'not delivered', measured: String(lost), wanted: '0', met: lost === 0 },
    ]);
  } finally {
    sink.stop();
  }
}
