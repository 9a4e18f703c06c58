/** Options of the commands that take a `nave.yaml`. */
import type { Option } from './command.ts';

export const FILE_OPTIONS: Readonly<Record<string, Option>> = {
  file: { type: 'string', short: 'f', value: 'FILE', help: 'the nave.yaml; - for standard input' },
  prune: { type: 'boolean', help: 'delete spokes and routes that the file does not name' },
  force: { type: 'boolean', help: 'with --prune: cancel open deliveries of what is deleted' },
};
