import { MutationObserver } from '@tanstack/react-query';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';

beforeAll(() => void vi.stubGlobal('window', { location: { origin: 'http://hub.example' } }));
afterAll(() => void vi.unstubAllGlobals());

it('forgets what a change sent and answered, such as a new key, once nothing shows it', async () => {
  const { createQueryClient } = await import('./query-client.ts');
  const client = createQueryClient();
  const observer = new MutationObserver(client, { mutationFn: async (name: string) => `key of ${name}` });
  const leave = observer.subscribe(() => undefined);
  expect(await observer.mutate('shop')).toBe('key of shop');
  expect(observer.getCurrentResult().data).toBe('key of shop');
  leave();
  await expect.poll(() => client.getMutationCache().getAll(), { timeout: 10_000 }).toEqual([]);
});
