/** The process as the commands see it. The only file that reads `process.env`. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { setTimeout as delay } from 'node:timers/promises';
import type { Io } from './io.ts';

/** Larger inputs are a mistake: the hub takes 5 MiB. */
const INPUT_BYTES_MAX = 64 * 1024 * 1024;

export function processIo(): Io {
  const { stdin, stdout, stderr } = process;
  const env = process.env;
  // `pnpm nave` runs in the root of the workspace; paths are meant from where it was typed.
  const standing = env['npm_lifecycle_event'] === 'nave' ? (env['INIT_CWD'] ?? process.cwd()) : process.cwd();
  const terminal = stdout.isTTY === true;
  const progressing = stderr.isTTY === true;
  let shown = false;
  let interruption: AbortController | null = null;
  const wipe = () => {
    if (shown) stderr.write('\r\u001b[K');
    shown = false;
  };
  return {
    out(line) {
      wipe();
      stdout.write(`${line}\n`);
    },
    write(data) {
      wipe();
      stdout.write(data);
    },
    err(line) {
      wipe();
      stderr.write(`${line}\n`);
    },
    progress(line) {
      if (!progressing) return;
      wipe();
      stderr.write(line);
      shown = line !== '';
    },
    colour: terminal && (env['NO_COLOR'] ?? '') === '' && env['TERM'] !== 'dumb',
    terminal,
    interactive: stdin.isTTY === true && stderr.isTTY === true,
    async ask(question) {
      wipe();
      const reader = createInterface({ input: stdin, output: stderr });
      try {
        return await reader.question(question);
      } finally {
        reader.close();
      }
    },
    env: (name) => env[name],
    readFile: (path) => readFileSync(resolve(standing, path), 'utf8'),
    async readInput() {
      const chunks: Buffer[] = [];
      let bytes = 0;
      for await (const chunk of stdin) {
        const part = Buffer.from(chunk);
        bytes += part.length;
        if (bytes > INPUT_BYTES_MAX) throw new RangeError('standard input is larger than 64 MiB');
        chunks.push(part);
      }
      return Buffer.concat(chunks).toString('utf8');
    },
    interrupted() {
      if (interruption === null) {
        const controller = new AbortController();
        interruption = controller;
        for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => controller.abort());
      }
      return interruption.signal;
    },
    now: () => Date.now(),
    async sleep(ms, signal) {
      await delay(ms, undefined, signal ? { signal } : {}).catch(() => undefined);
    },
    fetch,
  };
}
