/** The shape of a command: what it is called, what it takes, what it does. */
import type { Client } from '@nave/sdk';
import type { Io } from './io.ts';

export interface Option {
  type: 'string' | 'boolean';
  short?: string;
  /** What stands for the value in the help, e.g. `FILE`. */
  value?: string;
  help: string;
}

export interface Arguments {
  positionals: readonly string[];
  /** Value of an option; undefined when it was not given. */
  text(name: string): string | undefined;
  /** Values of an option given with commas; none when it was not given. */
  words(name: string): string[];
  flag(name: string): boolean;
}

export interface Context {
  io: Io;
  args: Arguments;
  /** True with `--json`: one JSON document on standard output, or one a line for what never ends. */
  json: boolean;
  /** Built at the first use. @throws Complaint for a URL or key that cannot be used */
  client(): Client;
}

export interface Command {
  name: string;
  summary: string;
  /** What follows the name, one line for each form. */
  usage: readonly string[];
  options: Readonly<Record<string, Option>>;
  /** Can be run as they are: command line and what it does. */
  examples: readonly (readonly [string, string])[];
  /** Number of positional arguments; `max` none = any number. */
  positionals: { min: number; max: number; what: string };
  /** @returns the exit code. @throws Complaint, ApiError, NotReachable */
  run(context: Context): Promise<number>;
}
