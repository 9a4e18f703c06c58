import { defineAdapter, type ErasedAdapter, type SpokeConnection } from '@nave/adapter-kit';
import { DEFAULT_POLICY, HubError, type RouteDefinition, type SpokeDefinition } from '@nave/core';
import { createExpressionEngine } from '@nave/expressions';
import { fakeClock, recordingLogger } from '@nave/testkit';
import { Type } from 'typebox';
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createRegistry, type RunningRegistry } from './registry.ts';

const expressions = createExpressionEngine({ timeoutMs: 60_000 });
afterAll(() => expressions.close());

const kind: ErasedAdapter = defineAdapter({
  ...{ kind: 'test', title: '', family: 'other', summary: '', config: Type.Object({}), credentials: Type.Object({}) },
  operations: [{ name: 'only', title: '', input: {}, idempotent: 'key' }],
  ...{ events: [], verify: [], defaults: {}, docs: '' },
});

function spoke(name: string, changes: Partial<SpokeDefinition> = {}): SpokeDefinition {
  return {
    ...{
      name,
      kind: 'test',
      title: '',
      enabled: true,
      paused: false,
      version: 1,
      config: {},
      credentials: {},
      policy: DEFAULT_POLICY,
      inbound: null,
    },
    ...changes,
  };
}

function route(name: string, changes: Partial<RouteDefinition> = {}): RouteDefinition {
  return {
    ...{
      name,
      version: 1,
      enabled: true,
      from: { spoke: 'shop', type: '**' },
      when: null,
      orderingKey: null,
      mode: 'async',
      timeoutMs: null,
    },
    steps: [{ name: 's', to: 'erp', operation: null, input: null, atMostOnce: false }],
    ...changes,
  };
}

function set() {
  const state = {
    version: 1n,
    spokes: [spoke('shop'), spoke('erp')],
    routes: [route('r')],
    down: false,
    loads: 0,
    former: new Map<string, RouteDefinition>(),
    asked: 0,
  };
  const opened: { name: string; version: number; closed: boolean }[] = [];
  const logger = recordingLogger();
  const unlessDown = () => {
    if (state.down) throw new HubError('store.unavailable');
  };
  const registry: RunningRegistry = createRegistry({
    ...{ kinds: new Map([['test', kind]]), expressions, clock: fakeClock(), logger },
    fetchJwks: async () => ({ keys: [] }),
    load: async () => {
      unlessDown();
      state.loads += 1;
      return { version: state.version, spokes: [...state.spokes], routes: [...state.routes] };
    },
    readVersion: async () => {
      unlessDown();
      return state.version;
    },
    loadRouteVersion: async (name, version) => {
      state.asked += 1;
      unlessDown();
      return state.former.get(`${name}@${version}`) ?? null;
    },
    open: async ({ name, version }): Promise<SpokeConnection> => {
      unlessDown();
      const connection = { name, version, closed: false };
      opened.push(connection);
      return {
        send: () => Promise.reject(new Error('not used')),
        probe: async () => ({ ok: true, detail: '', checks: [] }),
        close: async () => {
          connection.closed = true;
        },
      };
    },
  });
  return { state, opened, logger, registry };
}

describe('the registry', () => {
  it('has nothing before it is loaded, and everything after', async () => {
    const { registry } = set();
    expect([registry.spoke('shop'), registry.route('r'), registry.routesFor('shop', 't')]).toEqual([null, null, []]);
    await registry.reload();
    expect(registry.spoke('shop')?.operation(null)?.name).toBe('only');
    expect(registry.routesFor('shop', 't').map(({ steps }) => steps[0]?.operation)).toEqual(['only']);
    expect(registry.spoke('constructor')).toBeNull();
    await registry.close();
  });

  it('leaves out disabled routes, and what does not compile, without stopping the rest', async () => {
    const { state, registry, logger } = set();
    state.routes = [route('a', { enabled: false }), route('b', { when: '((' }), route('c')];
    await registry.reload();
    expect(registry.routesFor('shop', 't').map(({ definition }) => definition.name)).toEqual(['c']);
    expect(logger.lines).toMatchObject([{ level: 'error', fields: { name: 'b' } }]);
    await registry.close();
  });

  it('keeps what it has when a reload fails, and nothing is left unhandled', async () => {
    const { state, registry } = set();
    const unhandled = vi.fn();
    process.on('unhandledRejection', unhandled);
    await registry.reload();
    state.down = true;
    await expect(registry.reload()).rejects.toMatchObject({ code: 'store.unavailable' });
    await expect(registry.refresh()).rejects.toMatchObject({ code: 'store.unavailable' });
    await new Promise((resolve) => setTimeout(resolve, 10));
    expect(registry.spoke('erp')).not.toBeNull();
    state.down = false;
    state.spokes = [spoke('shop')];
    await registry.reload();
    expect(registry.spoke('erp')).toBeNull();
    process.off('unhandledRejection', unhandled);
    expect(unhandled).not.toHaveBeenCalled();
    await registry.close();
  });

  it('sees a change that was made while an earlier load was under way', async () => {
    const { state, registry } = set();
    const first = registry.reload();
    state.spokes = [...state.spokes, spoke('late')];
    await Promise.all([first, registry.reload()]);
    expect(registry.spoke('late')).not.toBeNull();
    await registry.close();
  });

  it('shares one load between many who miss something at once', async () => {
    const { state, registry } = set();
    await Promise.all(Array.from({ length: 50 }, () => registry.refresh()));
    expect(state.loads).toBe(1);
    expect(registry.spoke('erp')).not.toBeNull();
    await registry.close();
  });

  it('finds former versions, remembers them, and not what is missing or failed', async () => {
    const { state, registry } = set();
    state.former.set('r@7', route('r', { version: 7 }));
    await registry.reload();
    expect((await registry.routeVersion('r', 1))?.definition.version).toBe(1);
    expect(state.asked).toBe(0);
    expect((await registry.routeVersion('r', 7))?.definition.version).toBe(7);
    await registry.routeVersion('r', 7);
    expect(state.asked).toBe(1);
    expect(await registry.routeVersion('r', 9)).toBeNull();
    state.former.set('r@9', route('r', { version: 9 }));
    expect((await registry.routeVersion('r', 9))?.definition.version).toBe(9);
    state.down = true;
    await expect(registry.routeVersion('r', 8)).rejects.toMatchObject({ code: 'store.unavailable' });
    state.down = false;
    expect(await registry.routeVersion('r', 8)).toBeNull();
    await registry.close();
  });
});

describe('connections', () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  it('are opened when first used, once, and again after the spoke changed', async () => {
    const { state, opened, registry } = set();
    await registry.reload();
    expect(opened).toEqual([]);
    const [first, same] = await Promise.all([registry.connection('erp'), registry.connection('erp')]);
    expect(first).toBe(same);
    state.spokes = [spoke('shop'), spoke('erp', { version: 2 })];
    await registry.reload();
    expect(await registry.connection('erp')).not.toBe(first);
    expect(opened.map(({ version }) => version)).toEqual([1, 2]);
    // Deliveries may still be under way on the old one.
    expect(opened.map(({ closed }) => closed)).toEqual([false, false]);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(opened.map(({ closed }) => closed)).toEqual([true, false]);
    await registry.close();
  });

  it('live on while nothing about their spoke changes, and not over a spoke that was deleted and made anew', async () => {
    const { state, opened, registry } = set();
    await registry.reload();
    const before = await registry.connection('erp');
    state.spokes = [spoke('shop', { version: 2 }), spoke('erp')];
    await registry.reload();
    expect(await registry.connection('erp')).toBe(before);
    state.spokes = [spoke('shop'), spoke('erp', { config: { other: 1 } })];
    await registry.reload();
    expect(await registry.connection('erp')).not.toBe(before);
    expect(opened).toHaveLength(2);
    await registry.close();
  });

  it('are tried again after one could not be opened', async () => {
    const { state, registry } = set();
    await registry.reload();
    state.down = true;
    await expect(registry.connection('erp')).rejects.toMatchObject({ code: 'store.unavailable' });
    state.down = false;
    await registry.connection('erp');
    await expect(registry.connection('none')).rejects.toMatchObject({ code: 'resource.not-found' });
    await registry.close();
  });

  it('are all closed with the registry, also those that were replaced a moment ago', async () => {
    const { state, opened, registry } = set();
    await registry.reload();
    await Promise.all([registry.connection('erp'), registry.connection('shop')]);
    state.spokes = [spoke('erp', { version: 2 })];
    await registry.reload();
    await registry.connection('erp');
    await registry.close();
    expect(opened).toHaveLength(3);
    expect(opened.every(({ closed }) => closed)).toBe(true);
  });
});

describe('watching', () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  it('loads when another process changed something, and only then, also after an outage', async () => {
    const { state, registry, logger } = set();
    await registry.reload();
    registry.watch();
    await vi.advanceTimersByTimeAsync(5_000);
    expect(state.loads).toBe(1);
    state.down = true;
    await vi.advanceTimersByTimeAsync(2_000);
    expect(logger.lines.some(({ level }) => level === 'warn')).toBe(true);
    state.down = false;
    state.version = 2n;
    state.spokes = [...state.spokes, spoke('new')];
    await vi.advanceTimersByTimeAsync(1_100);
    expect(registry.spoke('new')).not.toBeNull();
    expect(state.loads).toBe(2);
    await registry.close();
    state.version = 3n;
    await vi.advanceTimersByTimeAsync(5_000);
    expect(state.loads).toBe(2);
  });
});
