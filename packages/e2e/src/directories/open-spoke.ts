/** Opens a kind without a hub around it, as the hub does: guarded addresses, its own schema checked first. */
import type { ErasedAdapter, SpokeConnection } from '@nave/adapter-kit';
import { DEFAULT_POLICY, type ExpressionEngine, type Outcome } from '@nave/core';
import { createGuardedAddresses } from '@nave/protocols';
import { createAddressGuard } from '@nave/security';
import { recordingLogger } from '@nave/testkit';

export interface OpenSpoke {
  connection: SpokeConnection;
  /** One delivery; the output parsed. */
  send(operation: string, data: unknown, timeoutMs?: number): Promise<{ outcome: Outcome; output: unknown }>;
}

const expressions: ExpressionEngine = {
  compile() {
    throw new Error('directories have no expressions');
  },
  close: async () => {},
};

/** @throws Error with everything that is wrong with config and credentials */
export async function openSpoke(adapter: ErasedAdapter, config: unknown, credentials: unknown): Promise<OpenSpoke> {
  const problems = adapter.check(config, credentials, { expressions });
  if (problems.length > 0) throw new Error(JSON.stringify(problems));
  const unused = async (): Promise<never> => {
    throw new Error('directories do not speak HTTP');
  };
  const connection = await adapter.open(config, {
    ...{ spoke: 'directory', credentials, expressions, logger: recordingLogger(), clock: { now: () => Date.now() } },
    policy: { ...DEFAULT_POLICY, concurrency: 4 },
    http: { exchange: unused, close: async () => {} },
    tokens: { get: unused, drop() {} },
    addresses: createGuardedAddresses({ guard: createAddressGuard({ allow: ['127.0.0.0/8', '::1'], forbid: [] }) }),
  });
  return {
    connection,
    async send(operation, data, timeoutMs = 20_000) {
      const input = { data, raw: null };
      const request = { deliveryId: 'd', messageId: 'm', attempt: 1, operation, input, traceparent: null, timeoutMs };
      const outcome = await connection.send(request, new AbortController().signal);
      const body = outcome.response?.body;
      return { outcome, output: body === undefined ? undefined : JSON.parse(Buffer.from(body).toString('utf8')) };
    },
  };
}
