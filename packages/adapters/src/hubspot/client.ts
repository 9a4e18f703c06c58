/** Sends requests to HubSpot and judges what comes back: limits by policy, categories of errors, tokens renewed only when HubSpot says that they expired. */
import type { AdapterContext, HttpExchangeRequest } from '@nave/adapter-kit';
import type { Outcome } from '@nave/core';
import { createHttpAuth, excerptOf, exchangeAuthorized, type HttpAuth, outcomeOfExchange } from '@nave/protocols';
import type { HubspotConfig, HubspotCredentials } from './config.ts';
import { readHubspotError, tellHubspotError } from './hubspot-error.ts';
import { waitAfterLimit } from './rate-limit.ts';

export interface HubspotClient {
  exchange(request: HttpExchangeRequest, signal: AbortSignal): Promise<Outcome>;
}

export function createHubspotClient(config: HubspotConfig, context: AdapterContext<HubspotCredentials>): HubspotClient {
  const { http, clock, spoke, tokens, credentials } = context;
  const auth = onlyExpired(createHttpAuth(credentials, { spoke, http, tokens, clock, tls: config.tls }));
  return {
    async exchange(request, signal) {
      const exchanged = await exchangeAuthorized(http, auth, request, signal);
      if (!exchanged.ok) return { ...exchanged.outcome, request: excerptOf(request, auth.redaction) };
      const nowMs = clock.now();
      return judge(outcomeOfExchange(exchanged.result, nowMs, excerptOf(exchanged.request, auth.redaction)), config, nowMs);
    },
  };
}

/** "Unauthorized (401) requests are not a valid indicator that a new access token must be retrieved" (usage guidelines): only this category is. */
function onlyExpired(auth: HttpAuth): HttpAuth {
  return {
    ...auth,
    refused: (authorized, answer) =>
      readHubspotError(answer.body)?.category === 'EXPIRED_AUTHENTICATION' && auth.refused(authorized, answer),
  };
}

const LOCKED_MS = 2_000;

function judge(outcome: Outcome, { timeZone = 'UTC' }: HubspotConfig, nowMs: number): Outcome {
  const { response, status } = outcome;
  if (response === undefined || status === null || outcome.kind === 'ok') return outcome;
  // 423: another request holds the record. 477: the account is being moved.
  const kind = status === 423 || status === 477 ? 'throttled' : outcome.kind;
  const error = readHubspotError(response.body);
  const told = error === null ? '' : tellHubspotError(error);
  const detail = told === '' ? outcome.detail : `${outcome.detail}: ${told}`;
  if (outcome.retryAfterMs !== undefined) return { ...outcome, kind, detail };
  const wait =
    status === 423 ? LOCKED_MS : status === 429 && error !== null ? waitAfterLimit(error, response.headers, timeZone, nowMs) : null;
  return { ...outcome, kind, detail, ...(wait === null ? {} : { retryAfterMs: wait }) };
}
