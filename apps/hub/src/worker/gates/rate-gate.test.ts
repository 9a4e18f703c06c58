import type { TokenGrant, TokenRate } from '@nave/core';
import { recordingLogger } from '@nave/testkit';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createRateGate } from './rate-gate.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

interface Asked {
  key: string;
  wanted: number;
  rate: TokenRate;
  answer: (grant: Partial<TokenGrant>) => Promise<void>;
  fail: () => Promise<void>;
}

function set(rate: { limit: number; perMs: number } | null = { limit: 100, perMs: 1_000 }) {
  const asked: Asked[] = [];
  const woken: string[] = [];
  const gate = createRateGate({
    tokens: {
      take: (key, wanted, each) =>
        new Promise((resolve, reject) => {
          const settled = () => vi.advanceTimersByTimeAsync(0).then(() => undefined);
          asked.push({
            ...{ key, wanted, rate: each },
            answer: (grant) => {
              resolve({ granted: wanted, retryAfterMs: 0, remaining: 0, resetMs: 50, ...grant });
              return settled();
            },
            fail: () => {
              reject(new Error('away'));
              return settled();
            },
          });
        }),
    },
    rateOf: () => rate,
    logger: recordingLogger(),
  });
  gate.onRoom((spoke) => woken.push(spoke));
  return { gate, asked, woken };
}

describe('the gate of a rate', () => {
  it('costs nothing for a spoke without one', () => {
    const { gate, asked } = set(null);
    expect(gate.room('erp', 7, 0)).toBe(7);
    expect(asked).toEqual([]);
  });

  it('buys one block at a time, of a twentieth of the limit at most, and each start uses a token', async () => {
    const { gate, asked, woken } = set();
    expect(gate.room('erp', 40, 0)).toBe(0);
    expect(gate.room('erp', 40, 0)).toBe(0);
    expect(asked.map(({ key, wanted, rate }) => [key, wanted, rate])).toEqual([
      ['spoke:erp', 5, { limit: 100, perMs: 1_000, smooth: true }],
    ]);
    await asked[0]?.answer({});
    expect(woken).toEqual(['erp']);
    expect(gate.room('erp', 3, 0)).toBe(3);
    gate.started('erp', 3);
    expect(gate.room('erp', 3, 0)).toBe(2);
    expect(asked.at(-1)?.wanted).toBe(1);
  });

  it('takes back what was not used', async () => {
    const { gate, asked } = set();
    gate.room('erp', 5, 0);
    await asked[0]?.answer({});
    gate.started('erp', 5);
    gate.unused?.('erp', 2);
    expect(gate.room('erp', 5, 0)).toBe(2);
  });

  it('does not save tokens for later', async () => {
    const { gate, asked } = set();
    gate.room('erp', 5, 0);
    await asked[0]?.answer({});
    await vi.advanceTimersByTimeAsync(600);
    expect(gate.room('erp', 5, 0)).toBe(0);
  });

  it('waits as long as it is told before it asks again', async () => {
    const { gate, asked, woken } = set();
    gate.room('erp', 5, 0);
    await asked[0]?.answer({ granted: 1, retryAfterMs: 40 });
    gate.started('erp', 1);
    expect(gate.room('erp', 4, 0)).toBe(0);
    expect(asked).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(40);
    expect(woken).toEqual(['erp', 'erp']);
    gate.room('erp', 4, 0);
    expect(asked).toHaveLength(2);
  });

  it('goes on after its source failed, and asks nobody once it is closed', async () => {
    const { gate, asked, woken } = set();
    gate.room('erp', 5, 0);
    await asked[0]?.fail();
    await vi.advanceTimersByTimeAsync(250);
    expect(woken.length).toBeGreaterThan(0);
    gate.room('erp', 5, 0);
    expect(asked).toHaveLength(2);
    await gate.close();
    await asked[1]?.answer({ granted: 0, retryAfterMs: 10 });
    await vi.advanceTimersByTimeAsync(1_000);
    gate.room('erp', 5, 0);
    expect(asked).toHaveLength(2);
  });
});
