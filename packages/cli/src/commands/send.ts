/** `send`: publishes a message as a spoke. */
import type { Command, Context } from '../command.ts';
import { Complaint } from '../complaint.ts';
import { EXIT } from '../exit-codes.ts';

export const send: Command = {
  name: 'send',
  summary: 'publish a message as a spoke',
  usage: ['SPOKE --type TYPE [--data JSON|@FILE|-] [--idempotency-key K] [--ordering-key K] [--correlation-id ID]'],
  options: {
    type: { type: 'string', short: 't', value: 'TYPE', help: 'e.g. order.created' },
    data: { type: 'string', short: 'd', value: 'JSON', help: 'JSON, @FILE, or - for standard input; default {}' },
    'idempotency-key': { type: 'string', value: 'K', help: 'a repeat under this key is not delivered again' },
    'ordering-key': { type: 'string', value: 'K', help: 'messages of one key are delivered in order' },
    'correlation-id': { type: 'string', value: 'ID', help: 'found again with nave messages --q ID' },
  },
  examples: [
    [`send shop --type order.created --data '{"id":"A-1","total":120}'`, 'prints the id of the message'],
    ['send shop --type order.created --data @order.json --idempotency-key A-1', 'can be repeated without harm'],
  ],
  positionals: { min: 1, max: 1, what: 'the spoke to publish as' },
  async run(context) {
    const { io, args, json, client } = context;
    const [source = ''] = args.positionals;
    const type = args.text('type');
    if (type === undefined) throw new Complaint(EXIT.usage, 'nave send: --type is missing, e.g. --type order.created');
    const dataJson = await dataOf(context);
    const [idempotencyKey, orderingKey, correlationId] = ['idempotency-key', 'ordering-key', 'correlation-id'].map((name) =>
      args.text(name),
    );
    const answer = await client().publish({
      ...{ source, type, dataJson },
      ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
      ...(orderingKey === undefined ? {} : { orderingKey }),
      ...(correlationId === undefined ? {} : { correlationId }),
    });
    if (json) io.out(JSON.stringify(answer, null, 2));
    else io.out(`${answer.messageId}  ${answer.duplicate ? 'already accepted earlier, not delivered again' : 'accepted'}`);
    return EXIT.ok;
  },
};

/** JSON text, kept as it is. @throws Complaint */
async function dataOf({ io, args }: Context): Promise<string> {
  const given = args.text('data') ?? '{}';
  let text = given;
  if (given === '-') text = await io.readInput();
  else if (given.startsWith('@')) {
    try {
      text = io.readFile(given.slice(1));
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? ` (${String(error.code)})` : '';
      throw new Complaint(EXIT.usage, `${given.slice(1)} cannot be read${code}; --data takes JSON, @FILE or -`);
    }
  }
  try {
    JSON.parse(text);
    return text;
  } catch {
    throw new Complaint(EXIT.usage, 'the data is not JSON; --data takes JSON, @FILE or -');
  }
}
