/** `retry`: dead deliveries go on, with the same ids and keys. */
import type { Delivery, ReplayFilter } from '@nave/api-schema';
import { ApiError } from '@nave/sdk';
import type { Arguments, Command, Context } from '../command.ts';
import { Complaint } from '../complaint.ts';
import { countFrom } from '../count-from.ts';
import { EXIT } from '../exit-codes.ts';
import type { Io } from '../io.ts';
import { idFrom } from '../known-words.ts';
import { pastOf } from '../message-filter.ts';
import { paint } from '../output/paint.ts';
import { printable } from '../output/printable.ts';
import { stateMark } from '../output/state-mark.ts';
import { REPLAY_OPTIONS, runReplay } from '../run-replay.ts';

export const retry: Command = {
  name: 'retry',
  summary: 'let dead deliveries go on: same ids, same keys; counts and asks first when they are many',
  usage: ['ID...', '[--spoke A] [--route R] [--from WHEN] [--to WHEN] [--dry-run] [--rate N] [--yes]', '--all [--yes]'],
  options: {
    spoke: { type: 'string', value: 'A,B', help: 'spokes they go to' },
    route: { type: 'string', value: 'R', help: 'of this route' },
    from: { type: 'string', value: 'WHEN', help: 'from this time on; a time, or a span such as 2h' },
    to: { type: 'string', value: 'WHEN', help: 'before this time' },
    all: { type: 'boolean', help: 'every dead delivery' },
    ...REPLAY_OPTIONS,
  },
  examples: [
    ['retry --spoke erp --from 1h --dry-run', 'how many deliveries to the ERP are dead'],
    ['retry --spoke erp --yes', 'retries them all'],
  ],
  positionals: { min: 0, max: 100, what: 'an id of a delivery' },
  async run(context) {
    const { args, io } = context;
    const filter = filterOf(args, io);
    const filtered = Object.keys(filter).length > 0;
    if (args.positionals.length > 0) {
      if (filtered || args.flag('all')) throw new Complaint(EXIT.usage, 'nave retry: give ids or filters, not both; see nave help retry');
      return retryEach(context);
    }
    if (!filtered && !args.flag('all'))
      throw new Complaint(EXIT.usage, 'nave retry: which deliveries? Give ids, filters or --all; see nave help retry');
    const rate = args.text('rate');
    return runReplay(context, { filter, mode: 'retry', ...(rate === undefined ? {} : { rate: countFrom(rate, 'rate', 1) }) }, [
      'delivery',
      'deliveries',
    ]);
  },
};

/** One that is refused stops no other. */
async function retryEach({ io, args, json, client }: Context): Promise<number> {
  const retried: Delivery[] = [];
  const refused: { id: string; detail: string }[] = [];
  for (const id of new Set(args.positionals.map((id) => idFrom(id, 'delivery')))) {
    try {
      const delivery = await client().deliveries.retry(id);
      retried.push(delivery);
      if (!json) io.out(`${id}  ${stateMark(io, delivery.state)}`);
    } catch (error) {
      // Anything but "not this one" holds for the others too.
      if (!(error instanceof ApiError) || ![400, 404, 409].includes(error.status)) throw error;
      refused.push({ id, detail: error.message });
      if (!json) io.err(`${paint(io, 'red', 'error')}  ${printable(id)}: ${printable(error.message)}`);
    }
  }
  if (json) io.out(JSON.stringify({ retried, refused }, null, 2));
  return refused.length > 0 ? EXIT.failed : EXIT.ok;
}

function filterOf(args: Arguments, io: Io): ReplayFilter {
  const spoke = args.words('spoke');
  const [route, from, to] = [args.text('route'), pastOf(args, io, 'from'), pastOf(args, io, 'to')];
  return {
    ...(spoke.length === 0 ? {} : { spoke }),
    ...(route === undefined ? {} : { route }),
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
  };
}
