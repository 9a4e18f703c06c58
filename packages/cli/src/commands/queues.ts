/** `queues`: how much waits where. */
import type { Queue } from '@nave/api-schema';
import type { Command } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { span } from '../output/moment.ts';
import { type Colour, paint } from '../output/paint.ts';
import { type Column, table } from '../output/table.ts';

const DEPTHS = [
  ['pending', 'PENDING', null],
  ['active', 'ACTIVE', null],
  ['retrying', 'RETRYING', 'yellow'],
  ['held', 'HELD', null],
  ['unknown', 'UNKNOWN', 'magenta'],
  ['dead', 'DEAD', 'red'],
] as const;

export const queues: Command = {
  name: 'queues',
  summary: 'show how much waits for each spoke',
  usage: [''],
  options: {},
  examples: [['queues', 'depths, age of the oldest, rate and latencies of the last minutes']],
  positionals: { min: 0, max: 0, what: '' },
  async run({ io, json, client }) {
    const answer = await client().queues.list();
    if (json) {
      io.out(JSON.stringify(answer, null, 2));
      return EXIT.ok;
    }
    if (answer.items.length === 0) io.out('no spokes yet; nave apply -f nave.yaml adds them');
    const right = 'right' as const;
    const number = (value: number, colour: Colour | null) =>
      value > 0 && colour !== null ? paint(io, colour, String(value)) : String(value);
    const latency = (value: number | null) => (value === null ? '-' : String(value));
    const columns: Column<Queue>[] = [
      { title: 'SPOKE', text: ({ spoke }) => spoke },
      ...DEPTHS.map(([name, title, colour]): Column<Queue> => ({ title, text: ({ depth }) => number(depth[name], colour), align: right })),
      { title: 'OLDEST', text: ({ oldestSeconds }) => span(oldestSeconds), align: right },
      { title: 'PER S', text: ({ ratePerSecond }) => ratePerSecond.toFixed(1), align: right },
      { title: 'P50 MS', text: ({ latencyMs }) => latency(latencyMs.p50), align: right },
      { title: 'P99 MS', text: ({ latencyMs }) => latency(latencyMs.p99), align: right },
      { title: 'BREAKER', text: ({ breaker }) => (breaker === 'closed' ? breaker : paint(io, 'yellow', breaker)) },
      { title: 'STATE', text: ({ paused }) => (paused ? paint(io, 'yellow', 'paused') : 'running') },
    ];
    if (answer.items.length > 0) for (const line of table(io, columns, answer.items)) io.out(line);
    return EXIT.ok;
  },
};
