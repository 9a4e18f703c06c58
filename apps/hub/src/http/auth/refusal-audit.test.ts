import type { Logger } from '@nave/core';
import type { AuditEntry } from '@nave/store';
import { describe, expect, it, vi } from 'vitest';
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

  it('writes ever more seldom while a flood goes on, and promptly again after it', async () => {
    vi.useFakeTimers();
    const written: AuditEntry[] = [];
    const audit = createRefusalAudit({ write: async (entries) => void written.push(...entries), clock: { now: () => 5 }, logger: silent });
    const flood = async (seconds: number, perSecond: number) => {
      for (let at = 0; at < seconds * 10; at++) {
        for (let i = 0; i < perSecond / 10; i++) audit.note({ actor: 'address:1.2.3.4', action: 'auth.refused', subject: 's', detail: {} });
        await vi.advanceTimersByTimeAsync(100);
      }
    };
    await flood(600, 100);
    expect(written.length).toBeLessThan(50);
    await audit.flush();
    expect(written.reduce((sum, { detail }) => sum + Number(detail['count']), 0)).toBe(60_000);
    await flood(20, 10);
    written.length = 0;
    await flood(2, 10);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(written.length).toBeGreaterThan(1);
    vi.useRealTimers();
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
