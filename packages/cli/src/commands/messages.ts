/** `messages`: found, shown with all that happened, or its payload revealed. */
import { MESSAGE_STATE_NAMES, type MessageList } from '@nave/api-schema';
import type { Command, Context } from '../command.ts';
import { countFrom } from '../count-from.ts';
import { EXIT } from '../exit-codes.ts';
import { idFrom, wordsFrom } from '../known-words.ts';
import { MESSAGE_FILTER_OPTIONS, pastOf } from '../message-filter.ts';
import { messageLines } from '../output/message-lines.ts';
import { moment } from '../output/moment.ts';
import { printable, printableLines } from '../output/printable.ts';
import { stateMark } from '../output/state-mark.ts';
import { facts, table } from '../output/table.ts';

type Row = MessageList['items'][number];

export const messages: Command = {
  name: 'messages',
  summary: 'find messages, show one with its timeline, reveal its payload',
  usage: ['[filters] [--limit N]', 'ID', 'ID --payload'],
  options: {
    ...MESSAGE_FILTER_OPTIONS,
    q: { type: 'string', value: 'TEXT', help: 'an id, idempotency key, correlation id or business key, exactly' },
    limit: { type: 'string', value: 'N', help: 'at most so many (20)' },
    payload: { type: 'boolean', help: 'with an ID: the body on standard output; the look is audited' },
  },
  examples: [
    ['messages --state failed --from 1h', 'what failed in the last hour'],
    ['messages --q A-1', 'the message with this key'],
    ['messages 0190f3a0-0000-7000-8000-000000000000', 'its deliveries and timeline'],
  ],
  positionals: { min: 0, max: 1, what: '' },
  async run(context) {
    const [given] = context.args.positionals;
    if (given === undefined) return list(context);
    const id = idFrom(given, 'message');
    return context.args.flag('payload') ? payload(context, id) : show(context, id);
  },
};

async function list({ io, args, json, client }: Context): Promise<number> {
  const query = {
    ...{
      spoke: args.words('spoke'),
      type: args.words('type'),
      state: wordsFrom(args, 'state', MESSAGE_STATE_NAMES),
      route: args.words('route'),
      q: args.text('q'),
    },
    ...{ from: pastOf(args, io, 'from'), to: pastOf(args, io, 'to') },
  };
  const items: Row[] = [];
  for await (const message of client().messages.all(query, { itemsMax: countFrom(args.text('limit'), 'limit', 20) })) items.push(message);
  if (json) {
    io.out(JSON.stringify({ items }, null, 2));
    return EXIT.ok;
  }
  if (items.length === 0) io.err('no messages match');
  const columns = [
    { title: 'RECEIVED', text: ({ receivedAt }: Row) => moment(receivedAt) },
    { title: 'STATE', text: ({ state }: Row) => stateMark(io, state) },
    { title: 'SOURCE', text: ({ source }: Row) => printable(source) },
    { title: 'TYPE', text: ({ type }: Row) => printable(type) },
    { title: 'BYTES', text: ({ size }: Row) => String(size), align: 'right' as const },
    { title: 'ID', text: ({ id }: Row) => id },
  ];
  if (items.length > 0) for (const line of table(io, columns, items)) io.out(line);
  return EXIT.ok;
}

async function show({ io, json, client }: Context, id: string): Promise<number> {
  const message = await client().messages.get(id);
  if (json) io.out(JSON.stringify(message, null, 2));
  else for (const line of messageLines(io, message)) io.out(line);
  return EXIT.ok;
}

/** The body alone on standard output, so that it can be piped; what is around it on standard error. */
async function payload({ io, json, client }: Context, id: string): Promise<number> {
  const answer = await client().messages.payload(id);
  if (json) {
    io.out(JSON.stringify(answer, null, 2));
    return EXIT.ok;
  }
  const { contentType, size, method, headers, body, bodyBase64 } = answer;
  const rows: [string, string][] = [
    ['method', printable(method)],
    ['content type', printable(contentType)],
    ['bytes', String(size)],
    ...Object.entries(headers).map(([name, value]): [string, string] => [printable(name), printable(value)]),
  ];
  for (const line of facts({ colour: false }, rows)) io.err(line);
  if (body === undefined) {
    const bytes = Buffer.from(bodyBase64 ?? '', 'base64');
    if (io.terminal) io.err(`${bytes.length} bytes that are no text; send standard output to a file to keep them`);
    else io.write(bytes);
  } else io.write(io.terminal ? `${printableLines(body)}\n` : body);
  return EXIT.ok;
}
