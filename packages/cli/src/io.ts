/** Everything a command touches outside itself, so that tests can stand in for it. */
export interface Io {
  /** One line on standard output. */
  out(line: string): void;
  /** Exactly this on standard output. */
  write(data: string | Uint8Array): void;
  /** One line on standard error. */
  err(line: string): void;
  /** Replaces the line shown while something goes on; nothing where nobody watches. */
  progress(line: string): void;
  /** True when standard output is a terminal that takes colours (https://no-color.org). */
  colour: boolean;
  /** True when standard output is a terminal. */
  terminal: boolean;
  /** True when a person can be asked. */
  interactive: boolean;
  /** One line from the person. */
  ask(question: string): Promise<string>;
  /** An environment variable. */
  env(name: string): string | undefined;
  /** Text of a file; throws as node:fs does. Relative paths start where the person stands. */
  readFile(path: string): string;
  /** All of standard input, as text. */
  readInput(): Promise<string>;
  /** Aborted when the person interrupts; from the first call on an interrupt no longer kills the process. */
  interrupted(): AbortSignal;
  now(): number;
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  fetch: typeof fetch;
}
