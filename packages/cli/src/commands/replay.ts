/** `replay`: messages again, as new deliveries with new keys. */
import { MESSAGE_STATE_NAMES, type ReplayFilter } from '@nave/api-schema';
import type { Arguments, Command } from '../command.ts';
import { Complaint } from '../complaint.ts';
import { countFrom } from '../count-from.ts';
import { EXIT } from '../exit-codes.ts';
import type { Io } from '../io.ts';
import { idFrom, wordsFrom } from '../known-words.ts';
import { MESSAGE_FILTER_OPTIONS, pastOf } from '../message-filter.ts';
import { REPLAY_OPTIONS, runReplay } from '../run-replay.ts';

export const replay: Command = {
  name: 'replay',
  summary: 'deliver messages again: new deliveries, new keys; counts and asks first',
  usage: ['[filters] [--dry-run] [--rate N] [--yes]', 'ID... [--route R] [--yes]'],
  options: {
    ...MESSAGE_FILTER_OPTIONS,
    'route-version': { type: 'string', value: 'N', help: 'with --route: an earlier version of the route' },
    ...REPLAY_OPTIONS,
  },
  examples: [
    ['replay --spoke shop --type order.* --from 2h --dry-run', 'how many, and how long it would take'],
    ['replay --state failed --from 1d --rate 20 --yes', 'all that failed since yesterday, 20 a second'],
  ],
  positionals: { min: 0, max: 10_000, what: 'an id of a message' },
  async run(context) {
    const { args, io } = context;
    const filter = filterOf(args, io);
    if (Object.keys(filter).length === 0)
      throw new Complaint(EXIT.usage, 'nave replay: which messages? Give filters or ids; see nave help replay');
    const version = args.text('route-version');
    const rate = args.text('rate');
    return runReplay(
      context,
      {
        ...{ filter, mode: 'replay' },
        ...(version === undefined ? {} : { routeVersion: countFrom(version, 'route-version', 1) }),
        ...(rate === undefined ? {} : { rate: countFrom(rate, 'rate', 1) }),
      },
      ['message', 'messages'],
    );
  },
};

function filterOf(args: Arguments, io: Io): ReplayFilter {
  const [spoke, type, state] = [args.words('spoke'), args.words('type'), wordsFrom(args, 'state', MESSAGE_STATE_NAMES)];
  const [route, from, to] = [args.text('route'), pastOf(args, io, 'from'), pastOf(args, io, 'to')];
  return {
    ...(args.positionals.length === 0 ? {} : { ids: [...new Set(args.positionals.map((id) => idFrom(id, 'message')))] }),
    ...(spoke.length === 0 ? {} : { spoke }),
    ...(type.length === 0 ? {} : { type }),
    ...(state.length === 0 ? {} : { state }),
    ...(route === undefined ? {} : { route }),
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
  };
}
