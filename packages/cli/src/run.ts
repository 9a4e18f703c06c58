/** Runs one command line to its exit code. */
import type { Client } from '@nave/sdk';
import manifest from '../package.json' with { type: 'json' };
import { COMMANDS } from './commands/index.ts';
import { Complaint } from './complaint.ts';
import { connect } from './connect.ts';
import { EXIT } from './exit-codes.ts';
import { helpOf, overview } from './help.ts';
import type { Io } from './io.ts';
import { parseCommandLine, splitCommandLine } from './parse-command-line.ts';
import { reportError } from './report-error.ts';

/** @param argv without node and script */
export async function run(argv: readonly string[], io: Io): Promise<number> {
  const end = argv.indexOf('--');
  const json = (end <= 0 ? argv : argv.slice(0, end)).includes('--json');
  try {
    return await dispatch(argv, io, json);
  } catch (error) {
    return reportError(error, io, json);
  } finally {
    io.progress('');
  }
}

async function dispatch(argv: readonly string[], io: Io, json: boolean): Promise<number> {
  const { name, rest } = splitCommandLine(argv);
  const wantsHelp = rest.includes('--help') || rest.includes('-h');
  if (name === 'version' || (name === null && rest.includes('--version'))) {
    io.out(json ? JSON.stringify({ version: manifest.version }) : manifest.version);
    return EXIT.ok;
  }
  if (name === 'help' || name === null)
    return help(name === null ? null : (rest.find((word) => !word.startsWith('-')) ?? null), io, name !== null || wantsHelp);
  const command = commandOf(name);
  if (wantsHelp) return help(name, io, true);
  const args = parseCommandLine(command, rest);
  let client: Client | null = null;
  return command.run({
    ...{ io, args, json },
    client() {
      client ??= connect(args, io);
      return client;
    },
  });
}

/** Without being asked for, the help is an answer to a command line that says nothing: on standard error, and wrong usage. */
function help(name: string | null, io: Io, asked: boolean): number {
  const lines = name === null ? overview(io, COMMANDS) : helpOf(io, commandOf(name));
  for (const line of lines) (asked ? io.out : io.err)(line);
  return asked ? EXIT.ok : EXIT.usage;
}

function commandOf(name: string) {
  const command = COMMANDS.find((known) => known.name === name);
  if (command === undefined) throw new Complaint(EXIT.usage, `there is no command "${name}"; nave help lists them`);
  return command;
}
