import { describe, expect, it } from 'vitest';
import { nave, page } from '../fake-io.ts';

const spoke = { name: 'erp', kind: 'rest', title: 'ERP', enabled: true, paused: true, version: 3, updatedAt: '2026-11-20T08:00:00Z' };

describe('spokes', () => {
  it('are a table, or a word on how to begin', async () => {
    const hub = { 'GET /api/v1/spokes?limit=200': page(spoke) };
    expect((await nave('spokes', { hub })).out).toBe(
      'SPOKE  KIND  STATE   VERSION  CHANGED               TITLE\nerp    rest  paused        3  2026-11-20 08:00:00Z  ERP\n',
    );
    expect((await nave('spokes', { hub: { 'GET /api/v1/spokes?limit=200': page() } })).out).toBe(
      'no spokes yet; nave apply -f nave.yaml adds them\n',
    );
  });

  it('are paused and resumed', async () => {
    const hub = {
      'POST /api/v1/spokes/erp/pause': { body: spoke },
      'POST /api/v1/spokes/erp/resume': { body: { ...spoke, paused: false } },
    };
    expect((await nave('pause erp', { hub })).out).toBe('erp is paused\n');
    expect((await nave('resume erp --rate 5', { hub })).out).toBe('erp is running\n');
    expect((await nave('resume erp --rate x', { hub })).code).not.toBe(0);
  });

  it('say what a resume would let go', async () => {
    const preview = { count: 7, oldest: '2026-11-20T08:00:00Z', newest: '2026-11-20T09:00:00Z', estimatedSeconds: 3, exact: true };
    const hub = { 'POST /api/v1/queues/erp/resume': { body: preview } };
    expect((await nave('resume erp --dry-run', { hub })).out).toBe('7 held, the oldest of 2026-11-20T08:00:00Z; takes about 3s\n');
  });

  it('are checked; one that cannot be reached ends with 1', async () => {
    const answer = (ok: boolean) => ({
      body: { ok, latencyMs: 12.4, detail: 'said no', checks: [{ name: 'sign in', ok, detail: '401' }] },
    });
    const check = (ok: boolean) => nave('check erp', { hub: { 'POST /api/v1/spokes/erp/check': answer(ok) } });
    expect(await check(true)).toMatchObject({ code: 0, out: '✓ erp  said no (12 ms)\n  ✓ sign in  401\n' });
    expect(await check(false)).toMatchObject({ code: 1, out: '✕ erp  said no (12 ms)\n  ✕ sign in  401\n' });
  });
});

describe('queues', () => {
  it('show what waits; what is missing is shown as missing', async () => {
    const queue = {
      ...{
        spoke: 'erp',
        depth: { pending: 1, active: 2, retrying: 3, held: 4, unknown: 5, dead: 6 },
        oldestSeconds: 8_000,
        ratePerSecond: 1.25,
      },
      ...{ latencyMs: { p50: 12, p95: null, p99: null }, paused: false, breaker: 'open' },
    };
    expect((await nave('queues', { hub: { 'GET /api/v1/queues': page(queue) } })).out).toBe(
      [
        'SPOKE  PENDING  ACTIVE  RETRYING  HELD  UNKNOWN  DEAD  OLDEST  PER S  P50 MS  P99 MS  BREAKER  STATE',
        'erp          1       2         3     4        5     6      2h    1.3      12       -  open     running',
        '',
      ].join('\n'),
    );
  });
});

describe('keys', () => {
  const key = { id: 'k', name: 'ci', role: 'viewer', spokes: [], bootstrap: false, expiresAt: null, lastUsedAt: null };

  it('are listed, made and revoked', async () => {
    const hub = {
      'GET /api/v1/keys?limit=200': page(key),
      'POST /api/v1/keys': { status: 201, body: { ...key, key: 'nave_secret', expiresAt: '2026-11-22T10:00:00Z' } },
      'DELETE /api/v1/keys/k': { status: 204 },
    };
    expect((await nave('keys list', { hub })).out).toBe(
      'ID  NAME  ROLE    SPOKES  EXPIRES  LAST USED\nk   ci    viewer  -       never    -\n',
    );
    const made = await nave('keys create ci --role publish --spokes shop,erp --expires 1d', { hub });
    expect(made.out).toBe('key      nave_secret\nid       k\nrole     viewer\nexpires  2026-11-22 10:00:00Z\n');
    expect(JSON.parse(made.calls[0]?.body ?? '')).toEqual({
      name: 'ci',
      role: 'publish',
      spokes: ['shop', 'erp'],
      expiresAt: '2026-11-22T10:00:00.000Z',
    });
    expect(await nave('keys delete k', { hub })).toMatchObject({ code: 0, out: 'key k is revoked\n' });
  });

  it.each(['keys', 'keys create', 'keys create ci', 'keys create ci --role boss', 'keys delete', 'keys list x', 'keys burn k'])(
    '"%s" is wrong usage',
    async (line) => {
      expect(await nave(line, { hub: {} })).toMatchObject({ code: 2, calls: [] });
    },
  );
});

describe('audit verify', () => {
  const verify = (body: object, line = 'audit verify') =>
    nave(line, { hub: { 'GET /api/v1/audit/verify': { body }, 'GET /api/v1/audit/verify?from=5': { body } } });

  it('ends with 0 when the record is whole', async () => {
    const head = { seq: 12, hash: 'ab', at: '2026-11-21T09:00:00Z' };
    expect(await verify({ ok: true, entries: 12, head, unsealed: 1 })).toMatchObject({
      code: 0,
      out: '✓ the audit is whole: 12 entries, head 12 of 2026-11-21 09:00:00Z, 1 not sealed yet\n',
    });
  });

  it('ends with 4 and names the entry when it is not', async () => {
    const broken = { ok: false, firstBroken: 7, broken: { seq: 7, id: 'x', at: '2026-11-21T09:00:00Z', reason: 'hash differs' } };
    expect(await verify(broken)).toMatchObject({ code: 4, out: '✕ the audit is broken at entry 7 (2026-11-21 09:00:00Z): hash differs\n' });
    expect((await verify(broken, 'audit verify --from 5 --json')).code).toBe(4);
  });
});

describe('the ledger', () => {
  const verdict = (next: string | null, differences: unknown[] = []) => ({
    body: {
      ...{ ok: differences.length === 0, from: '2026-11-20T08:00:00.000Z', to: next ?? '2026-11-20T10:00:00.000Z', next, differences },
      runs: { accepted: 3, found: 3 - differences.length },
      messages: { accepted: 2, found: 2 },
    },
  });
  const lost = {
    ...{
      id: null,
      kind: 'runs',
      route: 'invoices',
      from: '2026-11-20T09:01:00.000Z',
      to: '2026-11-20T09:02:00.000Z',
      accepted: 2,
      found: 1,
      missing: 1,
    },
    ...{ messageIds: ['01a1fd7f-f248-7200-ae60-704d643d5187'], foundAt: null },
  };

  it('is verified stretch by stretch', async () => {
    const hub = {
      'GET /api/v1/ledger/verify': verdict('2026-11-20T09:00:00.000Z'),
      'GET /api/v1/ledger/verify?from=2026-11-20T09:00:00.000Z': verdict(null),
    };
    expect(await nave('ledger verify', { hub })).toMatchObject({
      code: 0,
      out: '✓ nothing is missing: 4 messages, 6 runs up to 2026-11-20 10:00:00Z\n',
    });
  });

  it('that does not add up ends with 4 and says where and what', async () => {
    const hub = { 'GET /api/v1/ledger/verify': verdict(null, [lost]) };
    const { code, out } = await nave('ledger verify', { hub });
    expect(code).toBe(4);
    expect(out).toBe(
      [
        '✕ the ledger does not add up:',
        '  route invoices  2026-11-20 09:01:00Z to 2026-11-20 09:02:00Z: 2 accepted, 1 found',
        '    messages 01a1fd7f-f248-7200-ae60-704d643d5187',
        '',
      ].join('\n'),
    );
  });

  it('is shown by route', async () => {
    const counts = (accepted: number, succeeded: number, difference: number) => ({
      ...{
        accepted,
        succeeded,
        filtered: 0,
        skipped: 0,
        running: 0,
        waiting: 0,
        held: 0,
        unknown: 0,
        dead: 0,
        cancelled: 0,
        compensated: 0,
      },
      ...{ unchecked: 0, difference },
    });
    const answer = {
      ...{ from: '2026-11-20T08:00:00.000Z', to: '2026-11-20T10:00:00.000Z', ok: false, checkedUntil: null, totals: counts(5, 4, 1) },
      ...{ messages: { accepted: 5, found: 5, unchecked: 0, difference: 0 }, differences: [lost], blockedDays: [] },
      items: [
        { route: 'invoices', minute: null, ...counts(3, 2, 1) },
        { route: 'crm', minute: null, ...counts(2, 2, 0) },
      ],
    };
    const { out } = await nave('ledger show --window 2h', { hub: { 'GET /api/v1/ledger?window=2h': { body: answer } } });
    expect(out.split('\n').slice(0, 4)).toEqual([
      'ROUTE     ACCEPTED  SUCCEEDED  MISSING',
      'invoices         3          2        1',
      'crm              2          2        0',
      '✕ the ledger does not add up:',
    ]);
  });
});
