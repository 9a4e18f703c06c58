/** `poll`: how the polls of a spoke go, and running one now. */
import type { PollStatus } from '@nave/api-schema';
import type { Command } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { moment } from '../output/moment.ts';
import { paint } from '../output/paint.ts';
import { printable } from '../output/printable.ts';
import { table } from '../output/table.ts';

type Row = PollStatus & { name: string };

export const poll: Command = {
  name: 'poll',
  summary: 'fetch the events of a system now, or show how its polls go',
  usage: ['SPOKE', 'SPOKE POLL'],
  options: {},
  examples: [
    ['poll payments', 'when each poll ran and runs next, and what failed'],
    ['poll payments events', 'asks now and says how much was new (exit code 1 when it fails)'],
  ],
  positionals: { min: 1, max: 2, what: 'the name of a spoke' },
  async run({ io, args, json, client }) {
    const [name = '', which] = args.positionals;
    if (which !== undefined) {
      const answer = await client().spokes.runPoll(name, which);
      if (json) io.out(JSON.stringify(answer, null, 2));
      else if (answer.ok) {
        const { items, duplicates, refused, more } = answer;
        const parts = [`${items - duplicates - refused} new`, `${duplicates} known`, ...(refused > 0 ? [`${refused} left out`] : [])];
        io.out(`${paint(io, 'green', '✓')} ${name} ${which}  ${parts.join(', ')}${more ? '; there is more' : ''}`);
      } else io.out(`${paint(io, 'red', '✕')} ${name} ${which}  ${printable(answer.detail)}`);
      return answer.ok ? EXIT.ok : EXIT.failed;
    }
    const polls = (await client().spokes.get(name)).polls ?? {};
    const rows: Row[] = Object.entries(polls).map(([each, status]) => ({ name: each, ...status }));
    if (json) io.out(JSON.stringify({ polls }, null, 2));
    else if (rows.length === 0) io.out('no poll is switched on; inbound.poll of the spoke does');
    else {
      const columns = [
        { title: 'POLL', text: (row: Row) => row.name },
        { title: 'LAST', text: ({ lastAt }: Row) => (lastAt === null ? 'never' : moment(lastAt)) },
        { title: 'NEXT', text: ({ nextAt }: Row) => (nextAt === null ? 'soon' : moment(nextAt)) },
        { title: 'FAILURES', text: ({ failures }: Row) => String(failures), align: 'right' as const },
        { title: 'ERROR', text: ({ lastError }: Row) => printable(lastError ?? '') },
      ];
      for (const line of table(io, columns, rows)) io.out(line);
    }
    return EXIT.ok;
  },
};
