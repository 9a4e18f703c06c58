/** `resolve`: a person says what became of a delivery whose outcome is unknown. */
import type { DeliveryResolve } from '@nave/api-schema';
import type { Command } from '../command.ts';
import { Complaint } from '../complaint.ts';
import { EXIT } from '../exit-codes.ts';
import { idFrom } from '../known-words.ts';
import { stateMark } from '../output/state-mark.ts';

const OUTCOMES: Readonly<Record<string, 'done' | 'notDone'>> = { done: 'done', 'not-done': 'notDone' };

export const resolve: Command = {
  name: 'resolve',
  summary: 'say what became of a delivery whose outcome is unknown',
  usage: ['ID done [--output JSON]', 'ID not-done'],
  options: { output: { type: 'string', value: 'JSON', help: 'with done: the answer, for the steps after it' } },
  examples: [
    ['resolve 01a1fd7f-f248-7ed2-bdac-25ed27010a1f done', 'it happened: the delivery succeeded'],
    ['resolve 01a1fd7f-f248-7ed2-bdac-25ed27010a1f not-done', 'it did not: sent again, same id, same key'],
  ],
  positionals: { min: 2, max: 2, what: 'an id of a delivery, and done or not-done' },
  async run({ io, args, json, client }) {
    const [id = '', word = ''] = args.positionals;
    const outcome = Object.hasOwn(OUTCOMES, word) ? OUTCOMES[word] : undefined;
    if (outcome === undefined) throw new Complaint(EXIT.usage, `nave resolve: expected done or not-done, got "${word}"`);
    const output = args.text('output');
    if (outcome === 'notDone' && output !== undefined) throw new Complaint(EXIT.usage, 'nave resolve: --output belongs to done');
    const resolution: DeliveryResolve = { outcome, ...(output === undefined ? {} : { output: jsonFrom(output) }) };
    const delivery = await client().deliveries.resolve(idFrom(id, 'delivery'), resolution);
    io.out(json ? JSON.stringify(delivery, null, 2) : `${id}  ${stateMark(io, delivery.state)}`);
    return EXIT.ok;
  },
};

function jsonFrom(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Complaint(EXIT.usage, 'nave resolve: --output is no JSON');
  }
}
