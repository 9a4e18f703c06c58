import { createLocalTokenSource } from '@nave/queue';
import { describe, expect, it } from 'vitest';
import { sharedNonces } from './nonce-source.ts';

describe('nonces that all hubs remember', () => {
  it('count once for whoever asks, each under its own name', async () => {
    const tokens = createLocalTokenSource();
    const [one, other] = [sharedNonces(tokens), sharedNonces(tokens)];
    const both = await Promise.all([one.firstUse('shop:a', 60_000), other.firstUse('shop:a', 60_000)]);
    expect(both.filter((isNew) => isNew)).toHaveLength(1);
    expect([await one.firstUse('shop:b', 60_000), await other.firstUse('crm:a', 60_000), await one.firstUse('shop:a', 60_000)]).toEqual([
      true,
      true,
      false,
    ]);
  });
});
