import type { Spoke } from '@nave/api-schema';
import { describe, expect, it } from 'vitest';
import { matches, rowsOf } from './spoke-row.ts';

const spoke = (name: string, more: Partial<Spoke> = {}): Spoke => ({
  ...{ name, kind: 'rest', title: name.toUpperCase(), enabled: true, paused: false, version: 1 },
  ...{ config: {}, credentials: null, policy: {}, inbound: null },
  ...{ createdAt: '2026-01-01T00:00:00Z', updatedAt: '2026-01-01T00:00:00Z', ...more },
});
const kinds = new Map([['rest', { kind: 'rest', title: 'REST / HTTP API', family: 'protocol', summary: '' }]]);
const rows = rowsOf({
  spokes: [spoke('erp'), spoke('crm', { paused: true }), spoke('old', { kind: 'gone' })],
  ...{ kinds, queues: null, traffic: null, nowMs: 0 },
});
const found = (filter: Parameters<typeof matches>[1]) => rows.filter((row) => matches(row, filter)).map(({ spoke: { name } }) => name);

describe('the list of spokes', () => {
  it('is searched by name, title and kind, all words at once and in any case', () => {
    expect(found({})).toEqual(['erp', 'crm', 'old']);
    expect(found({ q: 'CRM' })).toEqual(['crm']);
    expect(found({ q: 'rest er' })).toEqual(['erp']);
  });

  it('is filtered by kind, family and state', () => {
    expect(found({ kind: 'gone,other' })).toEqual(['old']);
    expect(found({ family: 'protocol' })).toEqual(['erp', 'crm']);
    expect(found({ state: 'paused' })).toEqual(['crm']);
    expect(found({ state: 'trouble' })).toEqual(['crm']);
  });

  it('keeps a spoke of a kind that this hub does not know', () => {
    expect(rows[2]).toMatchObject({ kindTitle: 'gone', family: 'other', state: 'healthy', waiting: null });
  });
});
