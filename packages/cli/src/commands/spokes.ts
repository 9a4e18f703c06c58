/** `spokes`: the configured systems. */
import type { Spoke } from '@nave/api-schema';
import type { Command } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { moment } from '../output/moment.ts';
import { paint } from '../output/paint.ts';
import { printable } from '../output/printable.ts';
import { table } from '../output/table.ts';

export const spokes: Command = {
  name: 'spokes',
  summary: 'list spokes',
  usage: [''],
  options: {},
  examples: [['spokes', 'name, kind and state of each']],
  positionals: { min: 0, max: 0, what: '' },
  async run({ io, json, client }) {
    const items: Spoke[] = [];
    for await (const spoke of client().spokes.all()) items.push(spoke);
    if (json) io.out(JSON.stringify({ items }, null, 2));
    else if (items.length === 0) io.out('no spokes yet; nave apply -f nave.yaml adds them');
    else {
      const columns = [
        { title: 'SPOKE', text: ({ name }: Spoke) => name },
        { title: 'KIND', text: ({ kind }: Spoke) => kind },
        {
          title: 'STATE',
          text: ({ enabled, paused }: Spoke) =>
            !enabled ? paint(io, 'dim', 'disabled') : paused ? paint(io, 'yellow', 'paused') : 'running',
        },
        { title: 'VERSION', text: ({ version }: Spoke) => String(version), align: 'right' as const },
        { title: 'CHANGED', text: ({ updatedAt }: Spoke) => moment(updatedAt) },
        { title: 'TITLE', text: ({ title }: Spoke) => printable(title) },
      ];
      for (const line of table(io, columns, items)) io.out(line);
    }
    return EXIT.ok;
  },
};
