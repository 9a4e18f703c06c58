import { expect, it } from 'vitest';
import { nave, page } from '../fake-io.ts';

const lane = {
  ...{ spoke: 'erp', key: 'customer\u001b[31m-7', blockedBy: '0190f3a0-0000-7000-8000-000000000000', waiting: 12 },
  ...{ since: '2026-11-20T08:00:00Z', parked: true, state: 'dead', reason: 'rejected' },
};

it('lanes show what blocks them; nothing that a sender wrote reaches the terminal as it is', async () => {
  const { out } = await nave('lanes --parked --spoke erp', { hub: { 'GET /api/v1/lanes?spoke=erp&state=parked&limit=50': page(lane) } });
  expect(out).toContain('12  2026-11-20 08:00:00Z  parked  0190f3a0-0000-7000-8000-000000000000');
  expect(out).not.toContain('\u001b[31m-7');
  expect((await nave('lanes', { hub: { 'GET /api/v1/lanes?limit=50': page() } })).out).toBe('no deliveries wait in lanes\n');
});
