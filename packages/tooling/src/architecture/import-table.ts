/** Who may depend on whom (ARCHITECTURE.md): everything points at `core`, only the applications know everyone. */

export interface PackageRule {
  /** Workspace packages (without `@nave/`) that its sources may import. */
  imports: readonly string[];
  /** Further ones that only its tests may import. */
  testImports: readonly string[];
}

const TESTKIT = ['testkit'] as const;

/** By folder name under `apps/` and `packages/`. A package that is missing here is refused: new packages are placed deliberately. */
export const IMPORT_TABLE: Readonly<Record<string, PackageRule>> = {
  core: { imports: [], testImports: [] },
  'api-schema': { imports: [], testImports: TESTKIT },
  config: { imports: [], testImports: TESTKIT },
  'adapter-kit': { imports: ['core'], testImports: [] },
  security: { imports: ['core'], testImports: TESTKIT },
  expressions: { imports: ['core'], testImports: TESTKIT },
  store: { imports: ['core'], testImports: TESTKIT },
  queue: { imports: ['core'], testImports: TESTKIT },
  telemetry: { imports: ['core'], testImports: TESTKIT },
  protocols: { imports: ['adapter-kit', 'core'], testImports: TESTKIT },
  pipeline: { imports: ['adapter-kit', 'core'], testImports: TESTKIT },
  adapters: { imports: ['adapter-kit', 'core', 'protocols', 'security'], testImports: TESTKIT },
  testkit: { imports: ['adapter-kit', 'core'], testImports: [] },
  sdk: { imports: ['api-schema'], testImports: TESTKIT },
  cli: { imports: ['api-schema', 'config', 'sdk'], testImports: TESTKIT },
  dashboard: { imports: ['api-schema', 'sdk'], testImports: TESTKIT },
  hub: {
    imports: [
      'adapter-kit',
      'adapters',
      'api-schema',
      'config',
      'core',
      'expressions',
      'pipeline',
      'protocols',
      'queue',
      'security',
      'store',
      'telemetry',
    ],
    testImports: TESTKIT,
  },
  demo: { imports: ['adapters', 'api-schema', 'hub', 'sdk'], testImports: TESTKIT },
  // What checks and measures the product from outside; nothing depends on these.
  tooling: { imports: ['adapters', 'config', 'core'], testImports: [] },
  e2e: {
    imports: ['adapter-kit', 'adapters', 'api-schema', 'core', 'expressions', 'protocols', 'security', 'store', 'testkit'],
    testImports: [],
  },
  bench: { imports: ['sdk', 'store'], testImports: [] },
};

export interface LibraryRule {
  /** An npm package, or a scope with its slash (`@prisma/`). */
  library: string;
  /** Packages that may import it. */
  only: readonly string[];
  reason: string;
}

/** Libraries that are an implementation detail of one place. */
export const LIBRARY_RULES: readonly LibraryRule[] = [
  {
    library: 'bullmq',
    only: ['queue', 'bench'],
    reason: 'the queue is behind the Bell port; the yardstick of the benchmarks is a bare hub of its own',
  },
  { library: '@prisma/', only: ['store'], reason: 'rows are behind the storage ports' },
  { library: 'fastify', only: ['hub', 'demo', 'bench'], reason: 'the journey of a message knows no web framework' },
  { library: 'undici', only: ['protocols', 'hub', 'sdk', 'bench', 'e2e'], reason: 'kinds call out through the guarded client only' },
  { library: 'pg', only: ['store', 'queue', 'testkit', 'bench', 'e2e'], reason: 'SQL belongs to the store' },
  { library: 'ioredis', only: ['queue', 'testkit', 'bench', 'e2e'], reason: 'Redis is a backend of the queue' },
  { library: 'rate-limiter-flexible', only: ['queue'], reason: 'rates are behind the TokenSource port' },
  { library: 'pino', only: ['telemetry'], reason: 'logging goes through the Logger port' },
];

/** Packages that do no I/O, keep no time and draw no chance: what they may take from Node all the same. */
export const PURE_PACKAGES: Readonly<Record<string, readonly string[]>> = {
  core: ['node:crypto'],
  'api-schema': [],
};

export interface EnvironmentException {
  /** A file, or a folder with a slash at the end. */
  path: string;
  reason: string;
}

/** Where `process.env` may be read. Settings of the hub come from `packages/config` alone. */
export const ENVIRONMENT_READERS: readonly EnvironmentException[] = [
  { path: 'packages/config/src/load-from-process.ts', reason: 'the one place that reads the settings of the hub' },
  { path: 'packages/cli/src/environment.ts', reason: 'address and key of the hub the command line talks to' },
  { path: 'packages/store/src/embedded/embedded-postgres.ts', reason: 'PATH for the PostgreSQL child, which gets nothing else of it' },
  { path: 'apps/demo/src/main.ts', reason: 'hands it on to the hub it starts, with the company on top' },
  { path: 'packages/testkit/src/with-program.ts', reason: 'which suites must not be skipped' },
  { path: 'packages/tooling/src/', reason: 'passes the environment on to the tools it starts' },
  { path: 'packages/bench/src/', reason: 'starts hubs and sinks as an operator would, by environment' },
  { path: 'packages/e2e/src/', reason: 'starts hubs as an operator would, by environment' },
];
