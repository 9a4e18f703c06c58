/** `apply`: makes the hub what a `nave.yaml` says, everything or nothing. */
import type { Command } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { FILE_OPTIONS } from '../file-options.ts';
import { readNaveFile, refusedFile } from '../nave-file.ts';
import { changeCounts, changeLines } from '../output/change-lines.ts';

export const apply: Command = {
  name: 'apply',
  summary: 'make the hub what a nave.yaml says',
  usage: ['-f FILE [--prune [--force]] [--dry-run]'],
  options: { ...FILE_OPTIONS, 'dry-run': { type: 'boolean', help: 'only show what would change' } },
  examples: [
    ['apply -f nave.yaml --dry-run', 'shows what would change'],
    ['apply -f nave.yaml --prune', 'also deletes what the file does not name'],
  ],
  positionals: { min: 0, max: 0, what: '' },
  async run({ io, args, json, client }) {
    const file = await readNaveFile(args, io);
    const options = { prune: args.flag('prune'), force: args.flag('force') };
    const dryRun = args.flag('dry-run');
    const { config } = client();
    const { items } = await (dryRun ? config.diff(file.content.config, options) : config.apply(file.content.config, options)).catch(
      (error: unknown) => {
        throw refusedFile(error, file);
      },
    );
    if (json) io.out(JSON.stringify({ dryRun, items }, null, 2));
    else for (const line of [...changeLines(io, items), `${dryRun ? 'would be: ' : ''}${changeCounts(items)}`]) io.out(line);
    return EXIT.ok;
  },
};
