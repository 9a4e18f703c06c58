/** Splits a command line into global options, the command and its own options. */
import { type ParseArgsOptionsConfig, parseArgs } from 'node:util';
import type { Arguments, Command, Option } from './command.ts';
import { Complaint } from './complaint.ts';
import { EXIT } from './exit-codes.ts';

export const GLOBAL_OPTIONS: Readonly<Record<string, Option>> = {
  url: { type: 'string', value: 'URL', help: 'the hub (NAVE_URL, else http://127.0.0.1:7070)' },
  key: { type: 'string', value: 'KEY', help: 'API key (NAVE_KEY, else .nave/admin.key for a hub on this machine)' },
  json: { type: 'boolean', help: 'JSON for machines' },
  help: { type: 'boolean', short: 'h', help: 'this help' },
};

export interface CommandLine {
  /** Null when none is named. */
  name: string | null;
  rest: string[];
}

/** Finds the command's name: the first word that is neither a global option nor its value. */
export function splitCommandLine(argv: readonly string[]): CommandLine {
  const words = argv[0] === '--' ? argv.slice(1) : [...argv];
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index] ?? '';
    if (!word.startsWith('-')) return { name: word, rest: words.toSpliced(index, 1) };
    if (word === '--url' || word === '--key') index += 1;
  }
  return { name: null, rest: words };
}

/** @throws Complaint for unknown options, missing values and a wrong number of arguments */
export function parseCommandLine(command: Command, rest: readonly string[]): Arguments {
  const options: ParseArgsOptionsConfig = {};
  for (const [name, { type, short }] of Object.entries({ ...command.options, ...GLOBAL_OPTIONS }))
    options[name] = { type, ...(short ? { short } : {}) };
  const { values, positionals } = parsed(command, options, rest);
  const given = new Map<string, unknown>(Object.entries(values));
  const text = (name: string) => {
    const value = given.get(name);
    return typeof value === 'string' ? value : undefined;
  };
  const { min, max, what } = command.positionals;
  if (given.get('help') !== true && (positionals.length < min || positionals.length > max)) {
    const problem = positionals.length < min ? `${what} is missing` : `unexpected "${positionals[max] ?? ''}"`;
    throw new Complaint(EXIT.usage, `nave ${command.name}: ${problem}; see nave help ${command.name}`);
  }
  return {
    positionals,
    text,
    words: (name) => (text(name) ?? '').split(',').filter((word) => word !== ''),
    flag: (name) => given.get(name) === true,
  };
}

function parsed(command: Command, options: ParseArgsOptionsConfig, rest: readonly string[]) {
  try {
    return parseArgs({ args: [...rest], options, allowPositionals: true, strict: true });
  } catch (error) {
    const [sentence = ''] = (error instanceof Error ? error.message : '').split('. ');
    throw new Complaint(EXIT.usage, `nave ${command.name}: ${sentence.split('\n')[0]}; see nave help ${command.name}`);
  }
}
