import type { Replay } from '@nave/api-schema';
import { describe, expect, it } from 'vitest';
import { secondsLeft } from './seconds-left.ts';

const NOW = Date.parse('2026-11-21T14:00:10Z');
const replay: Replay = {
  ...{ id: 'r', mode: 'retry', state: 'running', total: 100, done: 20, failed: 0, filter: {}, rate: null, routeVersion: null },
  ...{ createdBy: 'key:night', createdAt: '2026-11-21T14:00:00.000Z', finishedAt: null },
};

describe('secondsLeft', () => {
  it('goes on at the pace so far', () => {
    expect(secondsLeft(replay, NOW)).toBe(40);
    expect(secondsLeft({ ...replay, failed: 20 }, NOW)).toBe(15);
  });

  it('says nothing before there is a pace, and for what does not run', () => {
    expect(secondsLeft({ ...replay, done: 0 }, NOW)).toBeNull();
    expect(secondsLeft(replay, NOW - 9_000)).toBeNull();
    expect(secondsLeft({ ...replay, state: 'paused' }, NOW)).toBeNull();
  });
});
