/** `pause` and `resume`: holds deliveries to a spoke, lets them go again. */
import type { Command } from '../command.ts';
import { countFrom } from '../count-from.ts';
import { EXIT } from '../exit-codes.ts';
import { span } from '../output/moment.ts';

/** As the API takes it: deliveries per second. */
const RATE_MAX = 100_000;

const positionals = { min: 1, max: 1, what: 'the name of a spoke' };

export const pause: Command = {
  name: 'pause',
  summary: 'hold deliveries to a spoke; messages are still accepted',
  usage: ['SPOKE'],
  options: {},
  examples: [['pause erp', 'holds what goes to the ERP']],
  positionals,
  async run({ io, args, json, client }) {
    const [spoke = ''] = args.positionals;
    const answer = await client().spokes.pause(spoke);
    io.out(json ? JSON.stringify(answer, null, 2) : `${spoke} is ${answer.paused ? 'paused' : 'running'}`);
    return EXIT.ok;
  },
};

export const resume: Command = {
  name: 'resume',
  summary: 'deliver to a spoke again; what was held goes out little by little',
  usage: ['SPOKE [--rate N] [--dry-run]'],
  options: {
    rate: { type: 'string', value: 'N', help: 'deliveries per second at most' },
    'dry-run': { type: 'boolean', help: 'only tell how many are held and how long it would take' },
  },
  examples: [
    ['resume erp --dry-run', 'how many, from when, and how long'],
    ['resume erp --rate 50', 'lets go what was held, at most 50 a second'],
  ],
  positionals,
  async run({ io, args, json, client }) {
    const [spoke = ''] = args.positionals;
    const rate = args.text('rate');
    const options = rate === undefined ? {} : { rate: countFrom(rate, 'rate', 1, RATE_MAX) };
    if (args.flag('dry-run')) {
      const preview = await client().queues.previewResume(spoke, options);
      const from = preview.oldest === null ? '' : `, the oldest of ${preview.oldest}`;
      io.out(json ? JSON.stringify(preview, null, 2) : `${preview.count} held${from}; takes about ${span(preview.estimatedSeconds)}`);
      return EXIT.ok;
    }
    const answer = await client().spokes.resume(spoke, options);
    io.out(json ? JSON.stringify(answer, null, 2) : `${spoke} is ${answer.paused ? 'paused' : 'running'}`);
    return EXIT.ok;
  },
};
