import { expect, it } from 'vitest';
import { signStripe } from './index.ts';

it('signs as Stripe does', () => {
  // Vector of the project's table of inbound signatures.
  const { headers } = signStripe('test-secret', 1_700_000_000_000, '{"id":1}');
  expect(headers['stripe-signature']).toBe('t=1700000000,v1=7e20f4d04901c5d68deb886cfd7eec01a01825b08d20aeffeb37820a7ee2c068');
});
