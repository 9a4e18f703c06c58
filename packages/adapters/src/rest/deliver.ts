/** Delivers to a `rest` spoke: builds the request, sends it with credentials, judges the answer. */
import { type AdapterContext, type ProbeResult, parseBody, type SendRequest, type SpokeConnection } from '@nave/adapter-kit';
import { isHubError, type Outcome } from '@nave/core';
import {
  createHttpAuth,
  excerptOf,
  exchangeAuthorized,
  type HttpAuth,
  type HttpCredentials,
  outcomeOfExchange,
  probeOfExchange,
  probeOfTokenFailure,
} from '@nave/protocols';
import { buildRequest, type CompiledOperation, compileOperation, scopeOf } from './build-request.ts';
import type { RestConfig } from './config.ts';
import { pollRest } from './poll.ts';

const PROBE_TIMEOUT_MS = 10_000;

/** @throws HubError `expression.compile` for a configuration that was never validated */
export function openRest(config: RestConfig, context: AdapterContext<HttpCredentials>): SpokeConnection {
  const { http, clock, spoke, tokens, credentials } = context;
  const auth = createHttpAuth(credentials, { spoke, http, tokens, clock, tls: config.tls });
  const operations = new Map(
    Object.entries(config.operations ?? {}).map(([name, operation]) => [name, compileOperation(operation, context.expressions)]),
  );
  return {
    async send(request, signal) {
      const operation = operations.get(request.operation);
      if (!operation) return invalid(`the spoke has no operation called ${request.operation}`);
      const built = await buildRequest(operation, config.baseUrl, request, clock.now());
      if (!built.ok) return invalid(built.reason);
      const exchanged = await exchangeAuthorized(http, auth, built.request, signal);
      if (!exchanged.ok) return { ...exchanged.outcome, request: excerptOf(built.request, auth.redaction) };
      const now = clock.now();
      const outcome = outcomeOfExchange(exchanged.result, now, excerptOf(exchanged.request, auth.redaction));
      return operation.success ? judge(outcome, operation.success, request, now) : outcome;
    },
    poll: async (name, cursor, limit, signal, from = 'now') => {
      const poll = Object.hasOwn(config.polls ?? {}, name) ? config.polls?.[name] : undefined;
      if (poll === undefined) return { ok: false, outcome: invalid(`the spoke has no poll called ${name}`) };
      const deps = {
        expressions: context.expressions,
        now: () => clock.now(),
        async exchange(request: { method: string; url: string; headers: Readonly<Record<string, string>> }): Promise<Outcome> {
          const exchanged = await exchangeAuthorized(http, auth, { ...request, timeoutMs: context.policy.timeoutMs }, signal);
          return exchanged.ok ? outcomeOfExchange(exchanged.result, clock.now()) : exchanged.outcome;
        },
      };
      return pollRest(deps, { name, poll, baseUrl: config.baseUrl }, { cursor, limit, from });
    },
    probe: (signal) => probe(config, auth, context, signal),
    // The client belongs to the hub, which closes it after its spoke.
    close: async () => {},
  };
}

function invalid(detail: string): Outcome {
  return { kind: 'invalid', status: null, detail, sent: false };
}

/** The spoke's own rule decides where it applies: a 2xx it does not accept is a refusal, another status it accepts is a success. */
async function judge(
  outcome: Outcome,
  success: NonNullable<CompiledOperation['success']>,
  request: SendRequest,
  nowMs: number,
): Promise<Outcome> {
  const { response } = outcome;
  if (!response) return outcome;
  const parsed = parseBody(response.contentType, response.body);
  const root = { status: response.status, headers: response.headers, body: parsed.ok ? parsed.data : null };
  try {
    if (await success.evaluate(root, scopeOf(request, nowMs))) return { ...outcome, kind: 'ok', retryAfterMs: undefined };
    return outcome.kind === 'ok'
      ? { ...outcome, kind: 'rejected', detail: `${outcome.detail}, but the operation's success rule does not hold` }
      : outcome;
  } catch (error) {
    if (isHubError(error))
      return { ...outcome, kind: 'invalid', detail: `${outcome.detail}; the operation's success rule failed: ${error.detail}` };
    throw error;
  }
}

async function probe(
  { baseUrl, check }: RestConfig,
  auth: HttpAuth,
  { http, credentials, policy }: AdapterContext<HttpCredentials>,
  signal: AbortSignal,
): Promise<ProbeResult> {
  const url = check ? `${baseUrl.replace(/\/+$/, '')}${check.path}` : baseUrl;
  const timeoutMs = Math.min(PROBE_TIMEOUT_MS, policy.timeoutMs);
  const headers = { Accept: 'application/json, */*;q=0.5', 'User-Agent': 'Nave' };
  const exchanged = await exchangeAuthorized(http, auth, { method: check?.method ?? 'GET', url, headers, timeoutMs }, signal);
  return exchanged.ok ? probeOfExchange(exchanged.result, credentials.type !== 'none') : probeOfTokenFailure(exchanged.outcome);
}
