import type { SpokeConnection } from '@nave/adapter-kit';
import { DEFAULT_POLICY, HubError, type Logger, type SpokeDefinition } from '@nave/core';
import { describe, expect, it } from 'vitest';
import { createSpokeCheck } from './check-spoke.ts';

const silent: Logger = { debug() {}, info() {}, warn() {}, error() {}, child: () => silent };
const spoke: SpokeDefinition = {
  ...{ name: 'erp', kind: 'k', title: 'ERP', enabled: true, paused: false, version: 1, config: {}, credentials: null, inbound: null },
  policy: { ...DEFAULT_POLICY, timeoutMs: 20 },
};

function check(probe: SpokeConnection['probe'], open?: () => Promise<SpokeConnection>) {
  const state = { closed: 0 };
  const close = async (): Promise<void> => {
    state.closed += 1;
  };
  const connection: SpokeConnection = { send: () => Promise.reject(new Error('not here')), probe, close };
  const run = createSpokeCheck({
    load: async (name) => (name === 'erp' ? spoke : null),
    open: open ?? (async () => connection),
    kinds: new Map([['k', { delivers: true }]]),
    clock: { now: () => 0 },
    logger: silent,
  });
  return { run, state };
}

describe('checking a spoke', () => {
  it('opens, probes and closes', async () => {
    const { run, state } = check(async () => ({ ok: true, detail: 'fine', checks: [] }));
    expect(await run('erp')).toEqual({ ok: true, detail: 'fine', checks: [], latencyMs: 0 });
    expect(state.closed).toBe(1);
    expect(await run('other')).toBeNull();
  });

  it('gives up in time on a probe that ignores its signal, and still closes', async () => {
    const { run, state } = check(() => new Promise(() => {}));
    expect(await run('erp')).toMatchObject({ ok: false, detail: 'No answer within 20 ms.' });
    expect(state.closed).toBe(1);
  });

  it('tells our refusals and hides what is a bug', async () => {
    const refused = check(
      async () => ({ ok: true, detail: '', checks: [] }),
      () => Promise.reject(new HubError('request.invalid', { detail: 'does not fit' })),
    );
    expect(await refused.run('erp')).toMatchObject({ ok: false, detail: 'does not fit' });
    const broken = check(() => Promise.reject(new Error('secret inside')));
    expect(JSON.stringify(await broken.run('erp'))).not.toContain('secret inside');
  });
});
