/** The arguments of `pnpm demo`. */
import { parseArgs } from 'node:util';

export interface DemoArguments {
  /** Ends by itself: exit code 0 when everything is accounted for, else 1. */
  once: boolean;
  seed: number;
  rounds: number;
  roundMs: number;
  help: boolean;
}

export const USAGE = `npx pnpm@12 demo [options]

  --once             end after the traffic instead of serving on; exit code 0 when everything is accounted for, else 1
  --rounds <n>       length of the traffic (default 24; a round has two orders, their payments, somebody hired)
  --pace <ms>        length of a round in milliseconds (default 2500)
  --seed <n>         other names, orders and prices (default 7)
  --help             this text

The hub takes its settings from the environment as always (docs/configuration.md); its data is under .nave/demo.`;

/** Gives a sentence when the arguments cannot be read. */
export function parseArguments(given: readonly string[]): DemoArguments | string {
  const options = {
    once: { type: 'boolean' },
    help: { type: 'boolean' },
    rounds: { type: 'string' },
    pace: { type: 'string' },
    seed: { type: 'string' },
  } as const;
  try {
    const { values } = parseArgs({ args: given.filter((argument) => argument !== '--'), options, allowPositionals: false });
    const rounds = whole(values.rounds ?? '24', 1, 10_000);
    const roundMs = whole(values.pace ?? '2500', 0, 600_000);
    const seed = whole(values.seed ?? '7', 0, 1_000_000);
    if (rounds === null) return '--rounds: expected a whole number from 1 to 10000';
    if (roundMs === null) return '--pace: expected milliseconds from 0 to 600000';
    if (seed === null) return '--seed: expected a whole number from 0 to 1000000';
    return { once: values.once ?? false, help: values.help ?? false, rounds, roundMs, seed };
  } catch (error) {
    return error instanceof Error ? error.message : 'the arguments cannot be read';
  }
}

function whole(text: string, min: number, max: number): number | null {
  const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  return value >= min && value <= max ? value : null;
}
