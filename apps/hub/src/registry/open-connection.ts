/** Opens a spoke's connection: its kind, its secrets, its own guarded client and the tokens it shares with all workers. */
import type { AdapterContext, ErasedAdapter, SpokeConnection } from '@nave/adapter-kit';
import { type Clock, type ExpressionEngine, HubError, type Logger, type SpokeDefinition } from '@nave/core';
import { type AddressGuard, createGuardedAddresses, createGuardedHttp, createTokenCache, type PinMismatch } from '@nave/protocols';
import type { SharedTokens } from '../tokens/shared-tokens.ts';

export interface OpenDeps {
  kinds: ReadonlyMap<string, ErasedAdapter>;
  guard: AddressGuard;
  expressions: ExpressionEngine;
  clock: Clock;
  logger: Logger;
  /** Tokens over all processes. Default: of this connection alone. */
  tokens?: SharedTokens;
  /** Told when a spoke showed a certificate that is not pinned. */
  onPinMismatch?: (spoke: string, mismatch: PinMismatch) => void;
}

/** @throws HubError `resource.not-found` when the kind is unknown, `request.invalid` when the configuration does not fit it */
export async function openConnection(spoke: SpokeDefinition, deps: OpenDeps): Promise<SpokeConnection> {
  const kind = deps.kinds.get(spoke.kind);
  if (kind === undefined) throw new HubError('resource.not-found', { detail: `There is no kind ${spoke.kind}` });
  // Polls have connections of their own: a system that does not answer them must not keep deliveries waiting.
  const connections = Math.max(1, Math.min(1_024, spoke.policy.concurrency)) + kind.pollsOf(spoke.config).length;
  const http = createGuardedHttp({ guard: deps.guard, connections });
  const context: AdapterContext<unknown> = {
    spoke: spoke.name,
    credentials: spoke.credentials,
    policy: spoke.policy,
    logger: deps.logger.child({ spoke: spoke.name }),
    clock: deps.clock,
    expressions: deps.expressions,
    http,
    tokens: deps.tokens?.forSpoke(spoke.name) ?? createTokenCache({ clock: deps.clock }),
    addresses: createGuardedAddresses({ guard: deps.guard }),
  };
  try {
    const connection = await kind.open(spoke.config, context);
    return {
      send: (request, signal) => connection.send(request, signal),
      probe: (signal) => connection.probe(signal),
      ...(connection.poll ? { poll: connection.poll.bind(connection) } : {}),
      close: async () => {
        await connection.close();
        await http.close();
      },
    };
  } catch (error) {
    await http.close();
    throw error;
  }
}
