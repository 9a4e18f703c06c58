import { describe, expect, it } from 'vitest';
import { withoutQuotes } from './without-quotes.ts';

describe('the words of a fault', () => {
  it('keep what the system says and lose what we sent', () => {
    const input = { customer: { name: 'Jan Novák', city: 'Brno' }, total: 1234.5, items: ['ab'] };
    expect(withoutQuotes('customer Jan Novák of Brno owes 1234.5 for ab, key s3cret', ['s3cret'], input)).toBe(
      'customer … of … owes … for ab, key [redacted]',
    );
  });
});
