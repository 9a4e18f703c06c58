import { KINDS } from '@nave/adapters';
import { formatDuration } from '@nave/core';
import { VERIFY_SCHEMES } from '@nave/security';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AdminFixture, adminFixture } from '../admin-fixture.ts';

let hub: AdminFixture;
beforeAll(async () => {
  hub = await adminFixture();
});
afterAll(() => hub.close());

describe('kinds', () => {
  it('are listed, each once', async () => {
    const { status, body } = await hub.call('GET', 'kinds');
    expect(status).toBe(200);
    expect(body).toEqual({ items: KINDS.map(({ kind, title, family, summary }) => ({ kind, title, family, summary })), nextCursor: null });
  });

  it.each(KINDS.map((adapter) => [adapter.kind, adapter] as const))(
    '%s is shown with the schemas a form is made of',
    async (kind, adapter) => {
      const { status, body } = await hub.call('GET', `kinds/${kind}`);
      expect(status).toBe(200);
      expect(body).toMatchObject({ kind, docs: `kinds/${kind}.md`, verify: adapter.verify });
      // The answer is JSON: what the schemas say must survive it, marks of secrets included.
      expect(body.config).toEqual(JSON.parse(JSON.stringify(adapter.config)));
      expect(body.credentials).toEqual(JSON.parse(JSON.stringify(adapter.credentials)));
      expect(body.config).toMatchObject({ type: 'object' });
      expect(body.operations.map(({ name }: { name: string }) => name)).toEqual(adapter.operations.map(({ name }) => name));
      expect(body.polls).toEqual(
        (adapter.polls ?? []).map(({ name, title, everyMs, eventTypes }) => ({ name, title, every: formatDuration(everyMs), eventTypes })),
      );
      expect(body.verifySchemes.map(({ scheme }: { scheme: string }) => scheme).slice(0, adapter.verify.length)).toEqual(adapter.verify);
      expect(body.verifySchemes).toHaveLength(VERIFY_SCHEMES.length);
      for (const { input, idempotent } of body.operations) {
        expect(input).toBeTypeOf('object');
        expect(['always', 'key', 'never']).toContain(idempotent);
      }
    },
  );

  it('that nobody knows is not found', async () => {
    expect((await hub.call('GET', 'kinds/nobody')).status).toBe(404);
  });
});
