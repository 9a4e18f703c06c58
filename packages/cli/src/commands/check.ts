/** `check`: a real round trip to a spoke. */
import type { Command } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { paint } from '../output/paint.ts';
import { printable } from '../output/printable.ts';

export const check: Command = {
  name: 'check',
  summary: 'reach a spoke for real (exit code 1 when that fails)',
  usage: ['SPOKE'],
  options: {},
  examples: [['check erp', 'connects, signs in and says how long it took']],
  positionals: { min: 1, max: 1, what: 'the name of a spoke' },
  async run({ io, args, json, client }) {
    const [name = ''] = args.positionals;
    const answer = await client().spokes.check(name);
    const mark = (ok: boolean) => (ok ? paint(io, 'green', '✓') : paint(io, 'red', '✕'));
    if (json) io.out(JSON.stringify(answer, null, 2));
    else {
      io.out(`${mark(answer.ok)} ${name}  ${printable(answer.detail)} (${Math.round(answer.latencyMs)} ms)`);
      for (const part of answer.checks) io.out(`  ${mark(part.ok)} ${printable(part.name)}  ${printable(part.detail)}`);
    }
    return answer.ok ? EXIT.ok : EXIT.failed;
  },
};
