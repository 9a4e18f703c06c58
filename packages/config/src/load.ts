/** Reads the environment into a `Config`, or says everything that is wrong with it at once. */
import type { Config } from './config.ts';
import { Secret } from './secret.ts';
import { shapeOf } from './shape-of.ts';
import { isLoopback } from './value-forms.ts';
import type { Variable } from './variable.ts';
import { VARIABLES } from './variables.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** Each problem is one line: variable, the shape of the given value, what was expected. Never a value. */
export type LoadResult = { ok: true; config: Config } | { ok: false; problems: string[] };

export interface LoadOptions {
  /** Whether a file can be read; files are not looked at without it. */
  isReadable?: (path: string) => boolean;
}

/** A variable that is empty counts as unset: Compose files pass unset ones on as empty. */
export function load(env: Environment, options: LoadOptions = {}): LoadResult {
  const problems: string[] = [];
  const given = (name: string): string | null => env[name]?.trim() || null;

  function read<T>(variable: Variable<T>): T {
    const text = given(variable.name);
    if (text === null) return variable.fallback;
    const value = variable.parse(text);
    if (value !== null) return value;
    problems.push(problem(variable, `got ${shapeOf(text)}, expected ${variable.expected}`));
    return variable.fallback;
  }

  function file(variable: Variable<string | null>): string | null {
    const path = read(variable);
    if (path !== null && options.isReadable?.(path) === false)
      problems.push(problem(variable, `got a path where no file can be read, expected ${variable.expected}`));
    return path;
  }

  const v = VARIABLES;
  const host = read(v.host);
  const databaseUrl = secret(read(v.databaseUrl));
  const listensOnLoopback = isLoopback(host);
  const [certPath, keyPath, clientCaPath] = [file(v.tlsCert), file(v.tlsKey), file(v.tlsClientCa)];
  const local = databaseUrl === null && given(v.databaseUrl.name) === null && listensOnLoopback;
  const config: Config = {
    host,
    port: read(v.port),
    publicUrl: read(v.publicUrl),
    listensOnLoopback,
    trustProxy: read(v.trustProxy),
    tls: certPath !== null && keyPath !== null ? { certPath, keyPath, clientCaPath } : null,
    corsOrigins: read(v.corsOrigins),
    dataDir: read(v.dataDir),
    databaseUrl,
    redisUrls: read(v.redisUrls).map((url) => new Secret(url)),
    role: read(v.role),
    workerConcurrency: read(v.workerConcurrency),
    ticketShards: read(v.ticketShards),
    leaseMs: read(v.lease),
    retentionMs: read(v.retention),
    archiveDir: read(v.archiveDir),
    adminKey: secret(read(v.adminKey)),
    secretKey: secret(read(v.secretKey)),
    configPath: file(v.configPath),
    logLevel: read(v.logLevel),
    egress: read(v.egress) ?? (local ? ['127.0.0.0/8', '::1'] : []),
  };

  // What only several variables together can get wrong.
  const isSet = (variable: Variable<unknown>): boolean => given(variable.name) !== null;
  if (isSet(v.tlsCert) && !isSet(v.tlsKey))
    problems.push(problem(v.tlsKey, `not set, expected ${v.tlsKey.expected} because ${v.tlsCert.name} is set`));
  if (isSet(v.tlsKey) && !isSet(v.tlsCert))
    problems.push(problem(v.tlsCert, `not set, expected ${v.tlsCert.expected} because ${v.tlsKey.name} is set`));
  if (isSet(v.tlsClientCa) && !isSet(v.tlsCert) && !isSet(v.tlsKey))
    problems.push(problem(v.tlsClientCa, `set without ${v.tlsCert.name} and ${v.tlsKey.name}, expected both with it`));
  if (isSet(v.databaseUrl) && !isSet(v.secretKey))
    problems.push(problem(v.secretKey, `not set, expected ${v.secretKey.expected} because ${v.databaseUrl.name} is set`));
  return problems.length > 0 ? { ok: false, problems } : { ok: true, config: Object.freeze(config) };
}

function problem(variable: Variable<unknown>, text: string): string {
  return `${variable.name}: ${text}`;
}

function secret(text: string | null): Secret | null {
  return text === null ? null : new Secret(text);
}
