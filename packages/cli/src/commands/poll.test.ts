import { describe, expect, it } from 'vitest';
import { nave } from '../fake-io.ts';

const status = { lastAt: '2026-11-20T08:00:00Z', nextAt: null, failures: 2, lastError: 'answered 500' };

describe('polls', () => {
  it('are a table, or a word on how to begin', async () => {
    const of = (polls?: object) => ({ 'GET /api/v1/spokes/pay': { body: { name: 'pay', ...(polls ? { polls } : {}) } } });
    expect((await nave('poll pay', { hub: of({ events: status }) })).out).toBe(
      'POLL    LAST                  NEXT  FAILURES  ERROR\nevents  2026-11-20 08:00:00Z  soon         2  answered 500\n',
    );
    expect((await nave('poll pay', { hub: of() })).out).toBe('no poll is switched on; inbound.poll of the spoke does\n');
  });

  it('run when asked to; one that fails ends with 1', async () => {
    const run = (ok: boolean) =>
      nave('poll pay events', {
        hub: {
          'POST /api/v1/spokes/pay/polls/events/run': {
            body: { ok, items: 5, duplicates: 3, refused: 1, more: true, detail: ok ? '' : 'answered 401', status },
          },
        },
      });
    expect(await run(true)).toMatchObject({ code: 0, out: '✓ pay events  1 new, 3 known, 1 left out; there is more\n' });
    expect(await run(false)).toMatchObject({ code: 1, out: '✕ pay events  answered 401\n' });
  });
});
