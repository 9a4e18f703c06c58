import { describe, expect, it } from 'vitest';
import { createRefusalLimit } from './refusal-limit.ts';

describe('refused calls of one address', () => {
  it('are answered 429 beyond a thousand in a minute, until the minute is over', () => {
    let now = 0;
    const limit = createRefusalLimit(() => now);
    for (let i = 0; i < 999; i++) limit.refused('1.2.3.4', 'shop');
    expect(limit.refusal('1.2.3.4', 'shop')).toBeNull();
    now = 30_000;
    limit.refused('1.2.3.4', 'shop');
    expect(limit.refusal('1.2.3.4', 'shop')).toMatchObject({ code: 'limit.rate', retryAfterSeconds: 30 });
    expect(limit.refusal('1.2.3.4', 'erp')).toBeNull();
    expect(limit.refusal('1.2.3.5', 'shop')).toBeNull();
    now = 60_000;
    expect(limit.refusal('1.2.3.4', 'shop')).toBeNull();
    limit.refused('1.2.3.4', 'shop');
    expect(limit.refusal('1.2.3.4', 'shop')).toBeNull();
  });

  it('of many addresses are forgotten, oldest first', () => {
    const limit = createRefusalLimit(() => 0);
    for (let i = 0; i < 1_000; i++) limit.refused('first', 'shop');
    expect(limit.refusal('first', 'shop')).not.toBeNull();
    for (let i = 0; i < 10_000; i++) limit.refused(`address ${i}`, 'shop');
    expect(limit.refusal('first', 'shop')).toBeNull();
  });
});
