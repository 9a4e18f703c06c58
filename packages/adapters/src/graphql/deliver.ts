/** Delivers to a `graphql` spoke: variables from the input, one POST per page, the answer judged. */
import type { AdapterContext, HttpExchangeRequest, SendRequest, SpokeConnection } from '@nave/adapter-kit';
import { type ExpressionScope, isHubError, isUuid, type Outcome, timeOfUuid } from '@nave/core';
import {
  createGraphqlClient,
  createHttpAuth,
  excerptOf,
  type GraphqlFailureKind,
  type HttpCredentials,
  outcomeOfExchange,
  withDeliveryHeaders,
} from '@nave/protocols';
import { type CompiledGraphqlOperation, compileOperations } from './compile-operation.ts';
import type { GraphqlConfig } from './config.ts';
import { exchangeGraphql } from './exchange.ts';
import { applyResult, judgeGraphql } from './judge.ts';
import { sendPages } from './paginate.ts';
import { probeGraphql } from './probe.ts';
import type { Variables } from './variables.ts';

/** @throws HubError for a configuration that was never validated */
export async function openGraphql(config: GraphqlConfig, context: AdapterContext<HttpCredentials>): Promise<SpokeConnection> {
  const { http, clock, spoke, tokens, credentials } = context;
  const operations = compileOperations(config, context.expressions);
  const codes = new Map<string, GraphqlFailureKind>(Object.entries(config.codes ?? {}));
  const client = await createGraphqlClient(config.endpoint);
  const auth = createHttpAuth(credentials, { spoke, http, tokens, clock, tls: config.tls });

  async function sendOnce(
    operation: CompiledGraphqlOperation,
    variables: Variables,
    request: SendRequest,
    timeoutMs: number,
    scope: ExpressionScope,
    signal: AbortSignal,
  ): Promise<Outcome> {
    const outcome = await client.request(operation.declared, variables, async ({ method, url, headers, body }) => {
      const own = { ...headers, 'user-agent': 'Nave', ...config.headers };
      const sent: HttpExchangeRequest = { method, url, headers: withDeliveryHeaders(own, request), body, timeoutMs };
      const exchanged = await exchangeGraphql(http, auth, sent, signal);
      if (!exchanged.ok) return { ...exchanged.outcome, request: excerptOf(sent, auth.redaction) };
      return outcomeOfExchange(exchanged.result, clock.now(), excerptOf(exchanged.request, auth.redaction));
    });
    return judgeGraphql(outcome, { operation, codes, scope, nowMs: clock.now() });
  }

  return {
    async send(request, signal) {
      const operation = operations.get(request.operation);
      if (!operation) return invalid(`the spoke has no operation called ${request.operation}`);
      const startedAt = clock.now();
      const scope = scopeOf(request, startedAt);
      try {
        const built = await operation.variables(request.input, scope);
        if (!built.ok) return invalid(built.reason);
        const send = (one: CompiledGraphqlOperation, variables: Variables): Promise<Outcome> => {
          const timeoutMs = request.timeoutMs - (clock.now() - startedAt);
          return timeoutMs > 0 ? sendOnce(one, variables, request, timeoutMs, scope, signal) : Promise.resolve(LATE);
        };
        const { paginate } = operation;
        if (!paginate) return await send(operation, built.variables);
        const page = { ...operation, result: null };
        const outcome = await sendPages(paginate, built.variables, (variables) => send(page, variables));
        return await applyResult(outcome, { operation, scope });
      } catch (error) {
        if (isHubError(error)) return invalid(`an expression of the operation failed: ${error.detail}`);
        throw error;
      }
    },
    probe: (signal) => probeGraphql(client, auth, operations, config, context, signal),
    // The client belongs to the hub, which closes it after its spoke.
    close: async () => {},
  };
}

const LATE: Outcome = { kind: 'timeout', status: null, detail: 'the time was up before the last page', sent: true };

function invalid(detail: string): Outcome {
  return { kind: 'invalid', status: null, detail, sent: false };
}

/** What a request of this delivery sees as the present and as chance: the same on every attempt, so that retries send the same bytes. */
function scopeOf({ deliveryId }: SendRequest, nowMs: number): ExpressionScope {
  return { nowMs: isUuid(deliveryId) ? timeOfUuid(deliveryId) : nowMs, seed: deliveryId };
}
