/** `alerts`: what fires, who works on it, and the rules. */
import type { Alert, AlertRule } from '@nave/api-schema';
import type { Command, Context } from '../command.ts';
import { Complaint } from '../complaint.ts';
import { EXIT } from '../exit-codes.ts';
import { moment, momentFrom, span } from '../output/moment.ts';
import { type Colour, paint } from '../output/paint.ts';
import { printable } from '../output/printable.ts';
import { type Column, table } from '../output/table.ts';

const COLOURS: Readonly<Record<Alert['severity'], Colour>> = { info: 'dim', warning: 'yellow', critical: 'red' };

export const alerts: Command = {
  name: 'alerts',
  summary: 'show what fires, acknowledge it, look at the rules',
  usage: ['', 'ack ID', 'history [--rule R] [--since WHEN]', 'rules', 'test RULE'],
  options: {
    rule: { type: 'string', value: 'RULE', help: 'history: of this rule only' },
    since: { type: 'string', value: 'WHEN', help: 'history: opened since a time or a span such as 7d' },
  },
  examples: [
    ['alerts', 'what fires now'],
    ['alerts test dead', 'a test notification to everybody the rule tells'],
  ],
  positionals: { min: 0, max: 2, what: 'nothing, ack ID, history, rules or test RULE' },
  async run(context) {
    const [action, subject] = context.args.positionals;
    if (action === undefined) return firing(context);
    if (action === 'history' && subject === undefined) return history(context);
    if (action === 'rules' && subject === undefined) return rules(context);
    if (action === 'ack' && subject !== undefined) return acknowledge(context, subject);
    if (action === 'test' && subject !== undefined) return test(context, subject);
    throw new Complaint(EXIT.usage, 'nave alerts: expected nothing, ack ID, history, rules or test RULE; see nave help alerts');
  },
};

async function firing(context: Context): Promise<number> {
  const items: Alert[] = [];
  for await (const alert of context.client().alerts.firing.all()) items.push(alert);
  return show(context, items, 'nothing fires');
}

async function history(context: Context): Promise<number> {
  const since = context.args.text('since');
  const query = {
    rule: context.args.text('rule'),
    from: since === undefined ? undefined : momentFrom(since, 'since', context.io.now(), -1),
  };
  const items: Alert[] = [];
  for await (const alert of context.client().alerts.history.all(query, { itemsMax: 200 })) items.push(alert);
  return show(context, items, 'nothing fired');
}

function show({ io, json }: Context, items: readonly Alert[], none: string): number {
  if (json) {
    io.out(JSON.stringify({ items }, null, 2));
    return EXIT.ok;
  }
  const age = ({ since, resolvedAt }: Alert) =>
    span((Date.parse(resolvedAt ?? new Date(io.now()).toISOString()) - Date.parse(since)) / 1_000);
  const columns: Column<Alert>[] = [
    { title: 'ID', text: ({ id }) => id },
    { title: 'SEVERITY', text: ({ severity }) => paint(io, COLOURS[severity], severity) },
    { title: 'RULE', text: ({ rule }) => rule },
    { title: 'SINCE', text: ({ since }) => moment(since) },
    { title: 'FOR', text: age, align: 'right' },
    {
      title: 'STATE',
      text: ({ state, acknowledgedBy }) =>
        state === 'firing' && acknowledgedBy !== null ? `firing (${printable(acknowledgedBy)})` : state,
    },
    { title: 'WHAT', text: ({ summary }) => printable(summary) },
  ];
  if (items.length === 0) io.out(none);
  else for (const line of table(io, columns, items)) io.out(line);
  return EXIT.ok;
}

async function rules({ io, json, client }: Context): Promise<number> {
  const items: AlertRule[] = [];
  for await (const rule of client().alerts.all()) items.push(rule);
  if (json) io.out(JSON.stringify({ items }, null, 2));
  else {
    const columns: Column<AlertRule>[] = [
      { title: 'RULE', text: ({ name }) => name },
      { title: 'CONDITION', text: ({ when }) => when.condition },
      { title: 'SPOKES', text: ({ spokes }) => spokes.join(',') },
      { title: 'SEVERITY', text: ({ severity }) => severity },
      { title: 'TELLS', text: ({ notify }) => (notify.length === 0 ? '-' : notify.map(({ to }) => to).join(',')) },
      { title: 'STATE', text: ({ enabled }) => (enabled ? 'on' : paint(io, 'yellow', 'off')) },
    ];
    for (const line of table(io, columns, items)) io.out(line);
  }
  return EXIT.ok;
}

const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

async function acknowledge({ io, json, client }: Context, id: string): Promise<number> {
  if (!ID.test(id)) throw new Complaint(EXIT.usage, `"${id}" is no id of an alert; nave alerts shows them`);
  const alert = await client().alerts.acknowledge(id);
  io.out(json ? JSON.stringify(alert, null, 2) : `${alert.rule} of ${alert.subject} is acknowledged`);
  return EXIT.ok;
}

async function test({ io, json, client }: Context, name: string): Promise<number> {
  const sent = await client().alerts.test(name);
  if (json) io.out(JSON.stringify(sent, null, 2));
  else for (const { to, messageId } of sent.items) io.out(`${to}  message ${messageId}`);
  return EXIT.ok;
}
