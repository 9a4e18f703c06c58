/** `ledger`: that everything accepted was dealt with. */
import type { Ledger, LedgerDifference, LedgerVerdict } from '@nave/api-schema';
import type { Command, Context } from '../command.ts';
import { Complaint } from '../complaint.ts';
import { EXIT } from '../exit-codes.ts';
import { moment, momentFrom } from '../output/moment.ts';
import { paint } from '../output/paint.ts';
import { printable } from '../output/printable.ts';
import { type Column, table } from '../output/table.ts';

const STATES = ['succeeded', 'filtered', 'skipped', 'running', 'waiting', 'held', 'unknown', 'dead', 'cancelled', 'compensated'] as const;
const IDS_SHOWN = 10;

export const ledger: Command = {
  name: 'ledger',
  summary: 'show what became of what was accepted, or verify that nothing is missing (exit code 4 when something is)',
  usage: ['verify [--from WHEN] [--to WHEN] [--window SPAN]', 'show [--window SPAN]'],
  options: {
    from: { type: 'string', value: 'WHEN', help: 'a time, or a span such as 2h; everything that is kept without it' },
    to: { type: 'string', value: 'WHEN', help: 'before this time' },
    window: { type: 'string', value: 'SPAN', help: 'the last so long, e.g. 24h' },
  },
  examples: [
    ['ledger verify', 'counts everything that is kept again'],
    ['ledger show --window 24h', 'the last day by route'],
  ],
  positionals: { min: 1, max: 1, what: 'verify or show' },
  async run(context) {
    const [action] = context.args.positionals;
    if (action === 'verify') return verify(context);
    if (action === 'show') return show(context);
    throw new Complaint(EXIT.usage, 'nave ledger: expected verify or show; see nave help ledger');
  },
};

async function verify({ io, args, json, client }: Context): Promise<number> {
  const time = (name: string) => {
    const text = args.text(name);
    return text === undefined ? undefined : momentFrom(text, name, io.now(), -1);
  };
  if (args.text('window') !== undefined && args.text('from') !== undefined)
    throw new Complaint(EXIT.usage, 'nave ledger: give --from or --window, not both');
  const sum = { ok: true, from: '', to: '', runs: { accepted: 0, found: 0 }, messages: { accepted: 0, found: 0 } };
  const differences: LedgerDifference[] = [];
  for await (const verdict of client().ledger.verify(time('from') ?? time('window'), time('to'))) {
    sum.ok &&= verdict.ok;
    sum.from ||= verdict.from;
    sum.to = verdict.to;
    for (const what of ['runs', 'messages'] as const) add(sum[what], verdict[what]);
    differences.push(...verdict.differences);
  }
  if (json) io.out(JSON.stringify({ ...sum, differences }, null, 2));
  else if (sum.ok)
    io.out(
      `${paint(io, 'green', '✓')} nothing is missing: ${sum.messages.accepted} messages, ${sum.runs.accepted} runs up to ${moment(sum.to)}`,
    );
  else {
    io.out(`${paint(io, 'red', '✕')} the ledger does not add up:`);
    for (const line of differences.flatMap(linesOf)) io.out(line);
  }
  return sum.ok ? EXIT.ok : EXIT.broken;
}

function add(into: LedgerVerdict['runs'], more: LedgerVerdict['runs']): void {
  into.accepted += more.accepted;
  into.found += more.found;
}

function linesOf({ kind, route, from, to, accepted, found, messageIds }: LedgerDifference): string[] {
  const what = kind === 'runs' ? `route ${printable(route)}` : kind;
  const more = messageIds.length > IDS_SHOWN ? ` and ${messageIds.length - IDS_SHOWN} more` : '';
  const ids = messageIds.length === 0 ? [] : [`    messages ${messageIds.slice(0, IDS_SHOWN).join(' ')}${more}`];
  return [`  ${what}  ${moment(from)} to ${moment(to)}: ${accepted} accepted, ${found} found`, ...ids];
}

async function show({ io, args, json, client }: Context): Promise<number> {
  const answer = await client().ledger.get(args.text('window'));
  if (json) {
    io.out(JSON.stringify(answer, null, 2));
    return EXIT.ok;
  }
  const routes = Map.groupBy(answer.items, ({ route }) => route);
  const rows = [...routes].map(([route, items]) => ({
    route,
    of: (name: keyof Ledger['totals']) => items.reduce((sum, item) => sum + item[name], 0),
  }));
  const right = 'right' as const;
  const columns: Column<(typeof rows)[number]>[] = [
    { title: 'ROUTE', text: ({ route }) => printable(route) },
    { title: 'ACCEPTED', text: ({ of }) => String(of('accepted')), align: right },
    ...STATES.filter((state) => answer.totals[state] > 0).map(
      (state): Column<(typeof rows)[number]> => ({ title: state.toUpperCase(), text: ({ of }) => String(of(state)), align: right }),
    ),
    { title: 'MISSING', text: ({ of }) => String(of('difference')), align: right },
  ];
  for (const line of table(io, columns, rows)) io.out(line);
  io.out(answer.ok ? `${paint(io, 'green', '✓')} nothing is missing` : `${paint(io, 'red', '✕')} the ledger does not add up:`);
  for (const line of answer.differences.flatMap(linesOf)) io.out(line);
  for (const { day, reason } of answer.blockedDays) io.out(`${day} is older than the retention, but ${reason}`);
  return EXIT.ok;
}
