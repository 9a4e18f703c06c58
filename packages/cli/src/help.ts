/** The help: of everything, and of one command. */
import type { Command, Option } from './command.ts';
import { EXIT_MEANINGS } from './exit-codes.ts';
import type { Io } from './io.ts';
import { paint } from './output/paint.ts';
import { GLOBAL_OPTIONS } from './parse-command-line.ts';

export function overview(io: Io, commands: readonly Command[]): string[] {
  return [
    'nave - the command line of the hub',
    '',
    title(io, 'Usage'),
    '  nave <command> [options]',
    '',
    title(io, 'Commands'),
    ...columns(commands.map(({ name, summary }) => [name, summary])),
    ...columns([
      ['help', 'show this, or the help of a command'],
      ['version', 'show the version'],
    ]).map((line) => line),
    '',
    title(io, 'Options of every command'),
    ...columns(Object.entries(GLOBAL_OPTIONS).map(optionRow)),
    '',
    title(io, 'Exit codes'),
    ...columns(EXIT_MEANINGS.map(([code, meaning]) => [String(code), meaning])),
    '',
    title(io, 'Examples'),
    '  nave apply -f nave.yaml',
    '  nave tail',
    '  nave help replay',
  ];
}

export function helpOf(io: Io, { name, summary, usage, options, examples }: Command): string[] {
  const own = Object.entries(options);
  return [
    `nave ${name} - ${summary}`,
    '',
    title(io, 'Usage'),
    ...usage.map((form) => `  nave ${name} ${form}`.trimEnd()),
    '',
    title(io, 'Options'),
    ...columns([...own, ...Object.entries(GLOBAL_OPTIONS)].map(optionRow)),
    '',
    title(io, 'Examples'),
    ...examples.flatMap(([line, meaning]) => [`  nave ${line}`, `      ${paint(io, 'dim', meaning)}`]),
  ];
}

function title(io: Io, text: string): string {
  return paint(io, 'bold', text);
}

function optionRow([name, { short, value, help }]: [string, Option]): [string, string] {
  return [`${short ? `-${short}, ` : ''}--${name}${value ? ` ${value}` : ''}`, help];
}

function columns(rows: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(20, ...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`);
}
