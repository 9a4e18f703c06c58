import type { Logger } from '@nave/core';
import type { AuditEntry } from '@nave/store';
import { describe, expect, it } from 'vitest';
import { createRefusalAudit } from './refusal-audit.ts';

const silent: Logger = { debug() {}, info() {}, warn() {}, error() {}, child: () => silent };

describe('refusal audit', () => {
  it('writes identical refusals as one entry with a count', async () => {
    const written: AuditEntry[] = [];
    const audit = createRefusalAudit({ write: async (entries) => void written.push(...entries), clock: { now: () => 5 }, logger: silent });
    const refusal = { actor: 'address:1.2.3.4', action: 'auth.refused', subject: 'api:GET /x', detail: { code: 'auth.invalid' } };
    for (let i = 0; i < 1_000; i++) audit.note(refusal);
    audit.note({ ...refusal, actor: 'address:5.6.7.8' });
    await audit.flush();
    await audit.flush();
    expect(written).toEqual([
      { ...refusal, atMs: 5, detail: { code: 'auth.invalid', count: 1_000 } },
      { ...refusal, actor: 'address:5.6.7.8', atMs: 5, detail: { code: 'auth.invalid', count: 1 } },
    ]);
  });

  it('stays bounded when every refusal is different, and still counts all of them', async () => {
    const written: AuditEntry[] = [];
    const audit = createRefusalAudit({ write: async (entries) => void written.push(...entries), clock: { now: () => 5 }, logger: silent });
    for (let i = 0; i < 10_000; i++) audit.note({ actor: `address:${i}`, action: 'auth.refused', subject: 's', detail: {} });
    await audit.flush();
    expect(written.length).toBeLessThanOrEqual(501);
    expect(written.reduce((sum, { detail }) => sum + Number(detail['count']), 0)).toBe(10_000);
  });
});
