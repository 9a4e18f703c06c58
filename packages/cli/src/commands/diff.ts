/** `diff`: what `apply` would change. */
import type { Command } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { FILE_OPTIONS } from '../file-options.ts';
import { readNaveFile, refusedFile } from '../nave-file.ts';
import { changeLines, differs } from '../output/change-lines.ts';

export const diff: Command = {
  name: 'diff',
  summary: 'show how the hub differs from a nave.yaml (exit code 5 when it does)',
  usage: ['-f FILE [--prune]'],
  options: FILE_OPTIONS,
  examples: [['diff -f nave.yaml', 'ends with 0 when the hub is what the file says']],
  positionals: { min: 0, max: 0, what: '' },
  async run({ io, args, json, client }) {
    const file = await readNaveFile(args, io);
    const options = { prune: args.flag('prune'), force: args.flag('force') };
    const { items } = await client()
      .config.diff(file.content.config, options)
      .catch((error: unknown) => {
        throw refusedFile(error, file);
      });
    if (json) io.out(JSON.stringify({ items }, null, 2));
    else for (const line of differs(items) ? changeLines(io, items) : ['no differences']) io.out(line);
    return differs(items) ? EXIT.different : EXIT.ok;
  },
};
