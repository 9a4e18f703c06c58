/** The console of the demo: one line a fact, colour only on a terminal. */
import { styleText } from 'node:util';
import { type ConsoleLine, layOut, type Tone } from './console-line.ts';

export interface DemoConsole {
  /** From now on lines count their time. */
  startClock(): void;
  line(line: ConsoleLine): void;
  /** A remark between the lines: what the demo itself does. */
  remark(text: string): void;
  /** Text as it is, for what stands before and after the lines. */
  print(text?: string): void;
  heading(text: string): void;
  ok(text: string): void;
  bad(text: string): void;
}

export interface ConsoleStream {
  write(text: string): unknown;
  isTTY?: boolean;
}

type Format = Parameters<typeof styleText>[0];
const FORMATS: Readonly<Record<Tone, Format>> = {
  good: 'green',
  waiting: 'yellow',
  held: 'gray',
  bad: 'red',
  muted: 'dim',
  plain: 'reset',
};

/** @param stream a WriteStream, or anything that takes text and is no terminal */
export function createDemoConsole(stream: ConsoleStream): DemoConsole {
  let startedMs = performance.now();
  const elapsedMs = () => performance.now() - startedMs;
  const style = (format: Format, text: string) => (stream.isTTY === true ? styleText(format, text) : text);
  const print = (text = '') => stream.write(`${text}\n`);
  return {
    startClock() {
      startedMs = performance.now();
    },
    print,
    line(line) {
      const { clock, icon, rest } = layOut(line, elapsedMs());
      print(
        `${style('dim', clock)}  ${style(FORMATS[line.tone], icon)} ${line.tone === 'good' || line.tone === 'plain' ? rest : style(FORMATS[line.tone], rest)}`,
      );
    },
    remark: (text) =>
      print(
        `${style('dim', layOut({ icon: '', tone: 'muted', what: '', who: '', target: '', note: '' }, elapsedMs()).clock)}  ${style('bold', `▸  ${text}`)}`,
      ),
    heading: (text) => print(`\n${style('bold', text)}`),
    ok: (text) => print(`  ${style('green', '✓')} ${text}`),
    bad: (text) => print(`  ${style('red', '✕')} ${text}`),
  };
}
