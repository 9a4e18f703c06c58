/** `lanes`: where deliveries wait for another one of their key. */
import type { Lane } from '@nave/api-schema';
import type { Command } from '../command.ts';
import { countFrom } from '../count-from.ts';
import { EXIT } from '../exit-codes.ts';
import { moment } from '../output/moment.ts';
import { paint } from '../output/paint.ts';
import { printable } from '../output/printable.ts';
import { stateMark } from '../output/state-mark.ts';
import { type Column, table } from '../output/table.ts';

export const lanes: Command = {
  name: 'lanes',
  summary: 'show lanes in which deliveries wait, and for which one',
  usage: ['[--spoke S] [--parked] [--limit N]'],
  options: {
    spoke: { type: 'string', value: 'NAME', help: 'only lanes to these spokes, with commas' },
    parked: { type: 'boolean', help: 'only those that wait for a person' },
    limit: { type: 'string', value: 'N', help: 'at most so many (50)' },
  },
  examples: [['lanes --parked', 'what a retry, skip or cancel would release']],
  positionals: { min: 0, max: 0, what: '' },
  async run({ io, args, json, client }) {
    const query = { spoke: args.words('spoke'), ...(args.flag('parked') ? { state: ['parked'] } : {}) };
    const items: Lane[] = [];
    for await (const lane of client().lanes.all(query, { itemsMax: countFrom(args.text('limit'), 'limit', 50) })) items.push(lane);
    if (json) {
      io.out(JSON.stringify({ items }, null, 2));
      return EXIT.ok;
    }
    if (items.length === 0) io.out('no deliveries wait in lanes');
    const columns: Column<Lane>[] = [
      { title: 'SPOKE', text: ({ spoke }) => printable(spoke) },
      { title: 'KEY', text: ({ key }) => printable(key) },
      { title: 'WAITING', text: ({ waiting }) => String(waiting), align: 'right' },
      { title: 'SINCE', text: ({ since }) => moment(since) },
      { title: 'LANE', text: ({ parked }) => (parked ? paint(io, 'red', 'parked') : 'moving') },
      { title: 'BLOCKED BY', text: ({ blockedBy }) => blockedBy },
      { title: 'STATE', text: ({ state }) => (state === null ? '-' : stateMark(io, state)) },
      { title: 'REASON', text: ({ reason }) => (reason === null ? '' : printable(reason)) },
    ];
    if (items.length > 0) for (const line of table(io, columns, items)) io.out(line);
    return EXIT.ok;
  },
};
