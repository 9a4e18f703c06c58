/** Prisma's schema engine in its WebAssembly build, run over the `pg` driver: no engine is downloaded. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PrismaPg } from '@prisma/adapter-pg';
import {
  bindMigrationAwareSqlAdapterFactory,
  type SqlDriverAdapter,
  type SqlMigrationAwareDriverAdapterFactory,
} from '@prisma/driver-adapter-utils';
import type { SchemaEngine } from '@prisma/schema-engine-wasm/schema_engine_bg';
import pg from 'pg';

/** Where schema and migrations are. */
/** Of a connection at start: the code of the hub loads meanwhile, and on a busy machine keeps this process from the answer for seconds. */
export const CONNECT_MS = 30_000;
export const PRISMA_DIR = fileURLToPath(new URL('../../../../prisma', import.meta.url));

/** Runs `work` with a schema engine on a database. Loaded only when there is something to do: it costs memory and time. */
export async function withSchemaEngine<T>(url: string, work: (engine: SchemaEngine) => Promise<T>): Promise<T> {
  const bindings = await import('@prisma/schema-engine-wasm/schema_engine_bg');
  const wasmFile = join(
    dirname(createRequire(import.meta.url).resolve('@prisma/schema-engine-wasm/schema_engine_bg')),
    'schema_engine_bg.wasm',
  );
  const { instance } = await WebAssembly.instantiate(new Uint8Array(readFileSync(wasmFile)), { './schema_engine_bg.js': { ...bindings } });
  bindings.__wbg_set_wasm(instance.exports);
  const begin = instance.exports['__wbindgen_start'];
  if (typeof begin === 'function') begin();
  const schema = join(PRISMA_DIR, 'schema.prisma');
  const connected: SqlDriverAdapter[] = [];
  const factory = bindMigrationAwareSqlAdapterFactory(wholeScripts(url, connected));
  const engine = await bindings.SchemaEngine.new({ datamodels: [[schema, readFileSync(schema, 'utf8')]] }, () => undefined, factory);
  try {
    return await work(engine);
  } finally {
    engine.free();
    await Promise.all(connected.map((adapter) => adapter.dispose()));
  }
}

/** Prisma's adapter cuts scripts at every semicolon, also inside functions and comments; PostgreSQL takes them whole. */
function wholeScripts(url: string, connected: SqlDriverAdapter[]): SqlMigrationAwareDriverAdapterFactory {
  const factory = new PrismaPg({ connectionString: url });
  const whole = (adapter: SqlDriverAdapter): SqlDriverAdapter => {
    const executeScript = (script: string) => runScript(url, script);
    adapter.executeScript = executeScript;
    connected.push(adapter);
    return adapter;
  };
  return {
    provider: factory.provider,
    adapterName: factory.adapterName,
    connect: async () => whole(await factory.connect()),
    connectToShadowDb: () => factory.connectToShadowDb(),
  };
}

async function runScript(url: string, script: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: CONNECT_MS });
  await client.connect();
  try {
    await client.query(script);
  } finally {
    await client.end();
  }
}
