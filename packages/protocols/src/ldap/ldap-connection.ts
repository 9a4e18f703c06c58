/** The connection of a spoke whose system is a directory: one pool, operations by name, outcomes as values. */
import type { AdapterContext, GuardedAddresses, ProbeResult, SendRequest, SpokeConnection } from '@nave/adapter-kit';
import { HubError, type Outcome } from '@nave/core';
import { directoryOf } from './directory.ts';
import { ldapExcerpt } from './ldap-excerpt.ts';
import { outcomeOfLdapFailure } from './ldap-failure.ts';
import type { LdapOperation, OperationResult } from './ldap-operation.ts';
import { createLdapPool, type LdapPool } from './ldap-pool.ts';
import { probeDirectory } from './ldap-probe.ts';
import { type LdapConnectionConfig, type LdapCredentials, type LdapTarget, ldapTarget } from './ldap-settings.ts';

export interface LdapConnectionOptions<Settings> {
  config: LdapConnectionConfig;
  context: AdapterContext<LdapCredentials>;
  settings: Settings;
  operations: readonly LdapOperation<Settings>[];
  /** Entries that have to be there, for `check`. */
  expected: readonly { check: string; dn: string }[];
}

export interface LdapConnection extends SpokeConnection {
  readonly target: LdapTarget;
  /** Further connections, beside those for deliveries; closed with the rest. */
  openPool(connections: number): LdapPool;
}

const CONNECTIONS_MAX = 256;
const NO_WAY_OUT: GuardedAddresses = {
  resolve: async () => ({ ok: false, failure: 'refused', detail: 'this kind was given no way out' }),
};

/** @throws HubError `request.invalid` for a URL that was never validated */
export function openLdapConnection<Settings>(options: LdapConnectionOptions<Settings>): LdapConnection {
  const { config, context, settings, operations, expected } = options;
  const target = ldapTarget(config);
  if (target === null) throw new HubError('request.invalid', { detail: 'The url of the spoke cannot be read.' });
  const pools: LdapPool[] = [];
  const openPool = (connections: number): LdapPool => {
    const opened = createLdapPool({ target, credentials: context.credentials, addresses: context.addresses ?? NO_WAY_OUT, connections });
    pools.push(opened);
    return opened;
  };
  const pool = openPool(Math.max(1, Math.min(CONNECTIONS_MAX, context.policy.concurrency)));
  const byName = new Map(operations.map((operation) => [operation.declaration.name, operation]));

  const send = async (request: SendRequest, signal: AbortSignal): Promise<Outcome> => {
    const operation = byName.get(request.operation);
    if (operation === undefined)
      return { kind: 'invalid', status: null, detail: `the spoke has no operation called ${request.operation}`, sent: false };
    const { data } = request.input;
    let report: unknown;
    const result = await pool.use({ timeoutMs: request.timeoutMs, signal }, async (leased) => {
      const scope = { directory: directoryOf(leased), settings, deliveryId: request.deliveryId, nowMs: context.clock.now() };
      const done: OperationResult = await operation.run(data, scope);
      report = done.ok ? done.value : done.report;
      return done;
    });
    const excerpt = { request: ldapExcerpt(request.operation, target.url, fieldsOf(data)) };
    const response = report === undefined ? {} : { response: jsonResponse(report) };
    if (!result.ok) return { ...outcomeOfLdapFailure(result.failure, result.sent), ...excerpt, ...response };
    return { kind: 'ok', status: 0, detail: `${request.operation} done`, sent: true, ...excerpt, ...response };
  };

  return {
    ...{ target, openPool, send },
    probe: (signal): Promise<ProbeResult> => probeDirectory({ target, pool, signal }, expected),
    async close() {
      for (const each of pools) each.close();
    },
  };
}

/** Directories have no HTTP status: what later steps see is 200 with the output, the result code is the attempt's status. */
function jsonResponse(value: unknown): NonNullable<Outcome['response']> {
  return { status: 200, headers: {}, contentType: 'application/json', body: Buffer.from(JSON.stringify(value) ?? 'null') };
}

function fieldsOf(data: unknown): string[] {
  return typeof data === 'object' && data !== null && !Array.isArray(data) ? Object.keys(data) : [];
}
