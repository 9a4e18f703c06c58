import { expect, it } from 'vitest';
import { parseArguments } from './arguments.ts';

it('has defaults for everything', () => {
  expect(parseArguments([])).toEqual({ once: false, help: false, rounds: 24, roundMs: 2_500, seed: 7 });
  expect(parseArguments(['--', '--once', '--rounds', '3', '--pace=100', '--seed', '1'])).toMatchObject({
    once: true,
    rounds: 3,
    roundMs: 100,
    seed: 1,
  });
});

it.each([['--rounds=0'], ['--rounds=x'], ['--pace=-1'], ['--seed=1e9'], ['--unknown'], ['positional']])(
  'says what is wrong with %s',
  (argument) => {
    expect(parseArguments([argument])).toBeTypeOf('string');
  },
);
