/** `tail`: what happens, as it happens. */
import { DELIVERY_STATE_NAMES } from '@nave/api-schema';
import type { StreamEvent } from '@nave/sdk';
import type { Arguments, Command } from '../command.ts';
import { countFrom } from '../count-from.ts';
import { EXIT } from '../exit-codes.ts';
import type { Io } from '../io.ts';
import { wordsFrom } from '../known-words.ts';
import { matchesType } from '../matches-type.ts';
import { paint } from '../output/paint.ts';
import { printable } from '../output/printable.ts';
import { stateMark } from '../output/state-mark.ts';

/** Messages and events remembered; older ones are forgotten. */
const REMEMBERED_MAX = 5_000;

export const tail: Command = {
  name: 'tail',
  summary: 'watch messages, deliveries and alerts as they happen, until Ctrl-C',
  usage: ['[--spoke A] [--type T] [--state S] [--count N]'],
  options: {
    spoke: { type: 'string', value: 'A,B', help: 'messages from, deliveries to these spokes' },
    type: { type: 'string', value: 'T', help: 'messages of these types (* one segment, ** any number), and their deliveries' },
    state: { type: 'string', value: 'S', help: 'only deliveries in these states' },
    count: { type: 'string', value: 'N', help: 'end after so many lines' },
  },
  examples: [
    ['tail', 'everything'],
    ['tail --spoke erp --state dead,retrying', 'what goes wrong with the ERP'],
    ['tail --json --count 10', 'ten events, one JSON document a line'],
  ],
  positionals: { min: 0, max: 0, what: '' },
  async run({ io, args, json, client }) {
    const wanted = createFilter(args);
    const countMax = args.text('count') === undefined ? Number.POSITIVE_INFINITY : countFrom(args.text('count'), 'count', 1);
    const signal = io.interrupted();
    let count = 0;
    if (io.terminal && !json) io.err(paint(io, 'dim', 'watching; Ctrl-C ends it'));
    const onReconnect = (reason: string) => io.err(paint(io, 'dim', `${printable(reason)}; connecting again`));
    for await (const event of client().stream({ signal, onReconnect })) {
      if (!wanted(event)) continue;
      io.out(json ? JSON.stringify({ event: event.event, ...event.data }) : line(io, event));
      count += 1;
      if (count >= countMax) break;
    }
    return EXIT.ok;
  },
};

/** Knows what it has seen: around a broken connection events come twice, and deliveries have the type of their message. */
function createFilter(args: Arguments): (event: StreamEvent) => boolean {
  const [spokes, states] = [args.words('spoke'), wordsFrom(args, 'state', DELIVERY_STATE_NAMES)];
  const types = args.words('type');
  const seen = new Set<string>();
  const ofType = new Set<string>();
  const any = (list: readonly string[], value: string) => list.length === 0 || list.includes(value);
  return ({ event, data }) => {
    if (event === 'queue') return false;
    if (event === 'alert') {
      const change = `${data.id} ${data.state} ${data.acknowledgedAt ?? ''}`;
      if (seen.has(change)) return false;
      remember(seen, change);
      return types.length + states.length === 0 && any(spokes, data.spoke ?? '');
    }
    const text = event === 'message' ? data.id : `${data.id} ${data.state} ${data.attemptCount} ${data.reason ?? ''}`;
    if (seen.has(text)) return false;
    remember(seen, text);
    if (event === 'delivery')
      return any(spokes, data.spoke) && any(states, data.state) && (types.length === 0 || ofType.has(data.messageId));
    const typed = types.length === 0 || types.some((pattern) => matchesType(pattern, data.type));
    if (typed && types.length > 0) remember(ofType, data.id);
    return typed && any(spokes, data.source) && states.length === 0;
  };
}

function remember(memory: Set<string>, text: string): void {
  memory.add(text);
  for (const oldest of memory) {
    if (memory.size <= REMEMBERED_MAX) return;
    memory.delete(oldest);
  }
}

function line(io: Io, { event, data }: StreamEvent): string {
  const time = data.at.slice(11, 23);
  if (event === 'message') {
    return `${time}  ${paint(io, 'cyan', 'message ')}  ${data.id}  ${printable(data.source)}  ${printable(data.type)}${data.unrouted ? `  ${stateMark(io, 'unrouted')}` : ''}`;
  }
  if (event === 'queue') return '';
  if (event === 'alert') {
    const what = data.state === 'firing' ? paint(io, 'red', data.severity) : paint(io, 'green', 'resolved');
    return `${time}  ${paint(io, 'magenta', 'alert   ')}  ${data.id}  ${what}  ${printable(data.rule)}  ${printable(data.summary)}`;
  }
  const tries = data.attemptCount > 1 ? `  try ${data.attemptCount}` : '';
  const reason = data.reason === null ? '' : `  ${printable(data.reason)}`;
  return `${time}  ${paint(io, 'dim', 'delivery')}  ${data.id}  ${stateMark(io, data.state)}  ${printable(data.route)} → ${printable(data.spoke)}${tries}${reason}`;
}
