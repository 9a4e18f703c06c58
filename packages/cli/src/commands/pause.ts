/** `pause` and `resume`: holds deliveries to a spoke, lets them go again. */
import type { Command } from '../command.ts';
import { EXIT } from '../exit-codes.ts';

export const pause = brake('pause', 'hold deliveries to a spoke; messages are still accepted', 'holds what goes to the ERP');
export const resume = brake('resume', 'deliver to a spoke again', 'lets go what was held');

function brake(name: 'pause' | 'resume', summary: string, meaning: string): Command {
  return {
    name,
    summary,
    usage: ['SPOKE'],
    options: {},
    examples: [[`${name} erp`, meaning]],
    positionals: { min: 1, max: 1, what: 'the name of a spoke' },
    async run({ io, args, json, client }) {
      const [spoke = ''] = args.positionals;
      const answer = await client().spokes[name](spoke);
      io.out(json ? JSON.stringify(answer, null, 2) : `${spoke} is ${answer.paused ? 'paused' : 'running'}`);
      return EXIT.ok;
    },
  };
}
