/** `audit`: who did what, and whether the record still is what was written. */
import type { AuditList } from '@nave/api-schema';
import type { Command, Context } from '../command.ts';
import { Complaint } from '../complaint.ts';
import { countFrom } from '../count-from.ts';
import { EXIT } from '../exit-codes.ts';
import { moment, momentFrom } from '../output/moment.ts';
import { paint } from '../output/paint.ts';
import { printable } from '../output/printable.ts';
import { table } from '../output/table.ts';

type Entry = AuditList['items'][number];

export const audit: Command = {
  name: 'audit',
  summary: 'list the audit, or verify that nobody changed it (exit code 4 when somebody did)',
  usage: ['verify [--from WHEN]', 'list [--actor A] [--action A] [--subject S] [--from WHEN] [--to WHEN] [--limit N]'],
  options: {
    from: { type: 'string', value: 'WHEN', help: 'a time, a span such as 2h; for verify also a place in the chain' },
    to: { type: 'string', value: 'WHEN', help: 'before this time' },
    actor: { type: 'string', value: 'A', help: 'e.g. key:ci' },
    action: { type: 'string', value: 'A', help: 'e.g. payload.reveal' },
    subject: { type: 'string', value: 'S', help: 'e.g. spoke:erp' },
    limit: { type: 'string', value: 'N', help: 'at most so many (20)' },
  },
  examples: [
    ['audit verify', 'checks the whole chain'],
    ['audit list --action payload.reveal --from 7d', 'who looked at payloads this week'],
  ],
  positionals: { min: 1, max: 1, what: 'verify or list' },
  async run(context) {
    const [action] = context.args.positionals;
    if (action === 'verify') return verify(context);
    if (action === 'list') return list(context);
    throw new Complaint(EXIT.usage, 'nave audit: expected verify or list; see nave help audit');
  },
};

async function verify({ io, args, json, client }: Context): Promise<number> {
  const from = args.text('from');
  const verdict = await client().audit.verify(from === undefined || /^\d+$/.test(from) ? from : momentFrom(from, 'from', io.now(), -1));
  if (json) io.out(JSON.stringify(verdict, null, 2));
  else if (verdict.ok) {
    const head = verdict.head === null ? '' : `, head ${verdict.head.seq} of ${moment(verdict.head.at)}`;
    io.out(`${paint(io, 'green', '✓')} the audit is whole: ${verdict.entries} entries${head}, ${verdict.unsealed} not sealed yet`);
  } else {
    const { seq, at, reason } = verdict.broken;
    io.out(`${paint(io, 'red', '✕')} the audit is broken at entry ${seq}${at === null ? '' : ` (${moment(at)})`}: ${printable(reason)}`);
  }
  return verdict.ok ? EXIT.ok : EXIT.broken;
}

async function list({ io, args, json, client }: Context): Promise<number> {
  const time = (name: string) => {
    const text = args.text(name);
    return text === undefined ? undefined : momentFrom(text, name, io.now(), -1);
  };
  const query = {
    actor: args.text('actor'),
    action: args.text('action'),
    subject: args.text('subject'),
    from: time('from'),
    to: time('to'),
  };
  const items: Entry[] = [];
  for await (const entry of client().audit.all(query, { itemsMax: countFrom(args.text('limit'), 'limit', 20) })) items.push(entry);
  if (json) io.out(JSON.stringify({ items }, null, 2));
  else {
    const columns = [
      { title: 'AT', text: ({ at }: Entry) => moment(at) },
      { title: 'ACTOR', text: ({ actor }: Entry) => printable(actor) },
      { title: 'ACTION', text: ({ action }: Entry) => printable(action) },
      { title: 'SUBJECT', text: ({ subject }: Entry) => printable(subject) },
    ];
    for (const line of table(io, columns, items)) io.out(line);
  }
  return EXIT.ok;
}
