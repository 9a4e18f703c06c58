/** `keys`: API keys listed, made, revoked. */
import type { Key } from '@nave/api-schema';
import { ROLES } from '@nave/api-schema';
import type { Command, Context } from '../command.ts';
import { Complaint } from '../complaint.ts';
import { EXIT } from '../exit-codes.ts';
import { moment, momentFrom } from '../output/moment.ts';
import { printable } from '../output/printable.ts';
import { facts, table } from '../output/table.ts';

export const keys: Command = {
  name: 'keys',
  summary: 'list, make and revoke API keys',
  usage: ['list', 'create NAME --role ROLE [--spokes A,B] [--expires WHEN]', 'delete ID'],
  options: {
    role: { type: 'string', value: 'ROLE', help: 'viewer, operator, admin or publish' },
    spokes: { type: 'string', value: 'A,B', help: 'for publish: the spokes it may publish as' },
    expires: { type: 'string', value: 'WHEN', help: 'a time or a span such as 90d; default never' },
  },
  examples: [
    ['keys list', 'who may do what'],
    ['keys create shop --role publish --spokes shop', 'prints the key, this once'],
  ],
  positionals: { min: 1, max: 2, what: 'list, create or delete' },
  async run(context) {
    const [action, subject] = context.args.positionals;
    if (action === 'list' && subject === undefined) return list(context);
    if (action === 'create' && subject !== undefined) return create(context, subject);
    if (action === 'delete' && subject !== undefined) return remove(context, subject);
    throw new Complaint(EXIT.usage, 'nave keys: expected list, create NAME or delete ID; see nave help keys');
  },
};

async function list({ io, json, client }: Context): Promise<number> {
  const items: Key[] = [];
  for await (const key of client().keys.all()) items.push(key);
  if (json) io.out(JSON.stringify({ items }, null, 2));
  else {
    const columns = [
      { title: 'ID', text: ({ id }: Key) => id },
      { title: 'NAME', text: ({ name }: Key) => printable(name) },
      { title: 'ROLE', text: ({ role }: Key) => role },
      { title: 'SPOKES', text: ({ spokes }: Key) => (spokes.length === 0 ? '-' : spokes.join(',')) },
      { title: 'EXPIRES', text: ({ expiresAt }: Key) => (expiresAt === null ? 'never' : moment(expiresAt)) },
      { title: 'LAST USED', text: ({ lastUsedAt }: Key) => moment(lastUsedAt) },
    ];
    for (const line of table(io, columns, items)) io.out(line);
  }
  return EXIT.ok;
}

async function create({ io, args, json, client }: Context, name: string): Promise<number> {
  const wanted = args.text('role');
  const role = ROLES.find((known) => known === wanted);
  if (role === undefined) throw new Complaint(EXIT.usage, `nave keys create: --role takes ${ROLES.join(', ')}`);
  const expires = args.text('expires');
  const spokes = args.words('spokes');
  const made = await client().keys.create({
    name,
    role,
    ...(spokes.length === 0 ? {} : { spokes }),
    ...(expires === undefined ? {} : { expiresAt: momentFrom(expires, 'expires', io.now(), 1) }),
  });
  if (json) io.out(JSON.stringify(made, null, 2));
  else {
    const rows: [string, string][] = [
      ['key', made.key],
      ['id', made.id],
      ['role', made.role],
      ['expires', made.expiresAt === null ? 'never' : moment(made.expiresAt)],
    ];
    for (const line of facts(io, rows)) io.out(line);
    io.err('keep the key now: it is not shown again');
  }
  return EXIT.ok;
}

async function remove({ io, json, client }: Context, id: string): Promise<number> {
  await client().keys.delete(id);
  io.out(json ? JSON.stringify({ id, deleted: true }) : `key ${id} is revoked`);
  return EXIT.ok;
}
