/** The running configuration: spokes and routes compiled once, replaced as a whole on every change, connections opened when first used. */
import { isDeepStrictEqual } from 'node:util';
import type { SpokeConnection } from '@nave/adapter-kit';
import { HubError, type Logger, messageOf, type RouteDefinition, type SpokeDefinition } from '@nave/core';
import type { CompiledRoute, CompiledSpoke, Registry } from '@nave/pipeline';
import { systemRoute } from '../alerts/notification-route.ts';
import { compileRoute } from './compile-route.ts';
import { type CompileDeps, compileSpoke } from './compile-spoke.ts';
import { createRoutingTable, type RoutingTable } from './routing-table.ts';

export interface RegistryDeps extends CompileDeps {
  /** Everything as stored, secrets opened, options completed. */
  load: () => Promise<{ version: bigint; spokes: readonly SpokeDefinition[]; routes: readonly RouteDefinition[] }>;
  /** The configuration version now; cheap, asked every second. */
  readVersion: () => Promise<bigint>;
  loadRouteVersion: (name: string, version: number) => Promise<RouteDefinition | null>;
  open: (spoke: SpokeDefinition) => Promise<SpokeConnection>;
  logger: Logger;
}

export interface RunningRegistry extends Registry {
  /** Loads anew; resolves when the new configuration is in force in this process. */
  reload(): Promise<void>;
  spokes(): readonly CompiledSpoke[];
  /** Looks for changes of other processes until closed. */
  watch(): void;
  close(): Promise<void>;
}

const WATCH_MS = 1_000;
const REFRESH_PAUSE_MS = 500;
/** Former route versions kept compiled. */
const VERSIONS_MAX = 500;
/** A replaced connection may still have deliveries under way. */
const CLOSE_DELAY_MS = 60_000;

interface Snapshot {
  version: bigint;
  spokes: ReadonlyMap<string, CompiledSpoke>;
  routes: ReadonlyMap<string, CompiledRoute>;
  table: RoutingTable;
}

export function createRegistry(deps: RegistryDeps): RunningRegistry {
  let snapshot: Snapshot = { version: -1n, spokes: new Map(), routes: new Map(), table: createRoutingTable([]) };
  const connections = new Map<string, { definition: SpokeDefinition; opened: Promise<SpokeConnection> }>();
  const versions = new Map<string, Promise<CompiledRoute | null>>();
  const closing = new Map<NodeJS.Timeout, Promise<SpokeConnection>>();
  let loading: Promise<void> | null = null;
  let refreshedAt = Number.NEGATIVE_INFINITY;
  let timer: NodeJS.Timeout | null = null;
  let closed = false;

  async function load(): Promise<void> {
    const { version, spokes, routes } = await deps.load();
    const compiled = new Map<string, CompiledSpoke>();
    for (const definition of spokes) {
      const known = snapshot.spokes.get(definition.name);
      if (known !== undefined && isDeepStrictEqual(known.definition, definition)) compiled.set(definition.name, known);
      else keepGoing(definition.name, () => compiled.set(definition.name, compileSpoke(definition, deps)));
    }
    const byName = new Map<string, CompiledRoute>();
    for (const definition of routes) keepGoing(definition.name, () => byName.set(definition.name, compiledRoute(definition, compiled)));
    snapshot = {
      version,
      spokes: compiled,
      routes: byName,
      table: createRoutingTable([...byName.values()].filter(({ definition }) => definition.enabled)),
    };
    for (const [name, { definition }] of connections) if (compiled.get(name)?.definition !== definition) retire(name);
  }

  function compiledRoute(definition: RouteDefinition, spokes: ReadonlyMap<string, CompiledSpoke>): CompiledRoute {
    return compileRoute(definition, (spoke) => spokes.get(spoke)?.operation(null)?.name ?? null, deps.expressions);
  }

  /** One thing that does not compile any more (after an upgrade, say) must not stop all others. */
  function keepGoing(name: string, work: () => void): void {
    try {
      work();
    } catch (error) {
      deps.logger.error({ name, reason: messageOf(error) }, 'a spoke or route does not compile and is left out');
    }
  }

  function reload(): Promise<void> {
    // A load that began before the change may have missed it: wait for it, then load again.
    const before = loading ?? Promise.resolve();
    const next = before.catch(() => undefined).then(load);
    loading = next;
    const over = () => {
      if (loading === next) loading = null;
    };
    next.then(over, over);
    return next;
  }

  function retire(name: string): void {
    const old = connections.get(name);
    connections.delete(name);
    if (old === undefined) return;
    const delay = setTimeout(() => {
      closing.delete(delay);
      void closeConnection(old.opened);
    }, CLOSE_DELAY_MS);
    delay.unref();
    closing.set(delay, old.opened);
  }

  async function closeConnection(opened: Promise<SpokeConnection>): Promise<void> {
    await opened
      .then((connection) => connection.close())
      .catch((error: unknown) => deps.logger.warn({ reason: messageOf(error) }, 'a connection did not close'));
  }

  function look(): void {
    if (closed) return;
    timer = setTimeout(() => {
      deps
        .readVersion()
        .then((version) => (version === snapshot.version ? undefined : reload()))
        .catch((error: unknown) => deps.logger.warn({ reason: messageOf(error) }, 'configuration changes cannot be seen'))
        .finally(look);
    }, WATCH_MS);
    timer.unref();
  }

  return {
    spoke: (name) => snapshot.spokes.get(name) ?? null,
    spokes: () => [...snapshot.spokes.values()],
    route: (name) => snapshot.routes.get(name) ?? systemRoute(name),
    routesFor: (spoke, type) => snapshot.table.match(spoke, type),
    async routeVersion(name, version) {
      const ours = systemRoute(name, version);
      if (ours !== null) return ours;
      const current = snapshot.routes.get(name);
      if (current?.definition.version === version) return current;
      const key = `${name}@${version}`;
      const known = versions.get(key);
      if (known !== undefined) return known;
      const loaded = deps
        .loadRouteVersion(name, version)
        .then((definition) => (definition === null ? null : compiledRoute(definition, snapshot.spokes)));
      versions.set(key, loaded);
      // A version never changes, but a failed look-up or one made before it was visible must not be remembered.
      loaded.then((route) => route === null && versions.delete(key)).catch(() => versions.delete(key));
      const oldest = versions.size > VERSIONS_MAX ? versions.keys().next().value : undefined;
      if (oldest !== undefined) versions.delete(oldest);
      return loaded;
    },
    connection(name) {
      const spoke = snapshot.spokes.get(name);
      if (spoke === undefined) return Promise.reject(new HubError('resource.not-found', { detail: `There is no spoke ${name}` }));
      const known = connections.get(name);
      if (known !== undefined && known.definition === spoke.definition) return known.opened;
      if (known !== undefined) retire(name);
      const opened = deps.open(spoke.definition);
      connections.set(name, { definition: spoke.definition, opened });
      opened.catch(() => connections.get(name)?.opened === opened && connections.delete(name));
      return opened;
    },
    async refresh() {
      if (performance.now() - refreshedAt < REFRESH_PAUSE_MS) return loading ?? Promise.resolve();
      refreshedAt = performance.now();
      return reload();
    },
    reload,
    watch: look,
    async close() {
      closed = true;
      if (timer !== null) clearTimeout(timer);
      for (const delay of closing.keys()) clearTimeout(delay);
      const open = [...closing.values(), ...[...connections.values()].map(({ opened }) => opened)];
      closing.clear();
      await Promise.all(open.map(closeConnection));
      connections.clear();
    },
  };
}
