/** One exchange with Stripe: version, account and key on every request. */
import type { AdapterContext, HttpExchangeRequest } from '@nave/adapter-kit';
import type { Outcome } from '@nave/core';
import { createHttpAuth, excerptOf, exchangeAuthorized, outcomeOfExchange } from '@nave/protocols';
import { DEFAULT_API_VERSION, DEFAULT_BASE_URL, type StripeConfig, type StripeCredentials } from './config.ts';

export interface StripeRequest {
  method: 'GET' | 'POST';
  /** Path and query. */
  target: string;
  /** A form. */
  body?: string | undefined;
  headers?: Readonly<Record<string, string>>;
  timeoutMs: number;
}

export type StripeClient = (request: StripeRequest, signal: AbortSignal) => Promise<Outcome>;

/** Answers as the status says; what Stripe says in the body is judged by the caller. */
export function createStripeClient(config: StripeConfig, context: AdapterContext<StripeCredentials>): StripeClient {
  const { http, clock, spoke, tokens, credentials } = context;
  const auth = createHttpAuth(credentials, { spoke, http, tokens, clock, tls: config.tls });
  const baseUrl = (config.baseUrl ?? DEFAULT_BASE_URL).replace(/\/+$/, '');
  const common: Record<string, string> = {
    Accept: 'application/json',
    'User-Agent': 'Nave',
    'Stripe-Version': config.apiVersion ?? DEFAULT_API_VERSION,
    ...(config.account === undefined ? {} : { 'Stripe-Account': config.account }),
  };
  return async ({ method, target, body, headers = {}, timeoutMs }, signal) => {
    const form: Record<string, string> = body === undefined ? {} : { 'Content-Type': 'application/x-www-form-urlencoded' };
    const request: HttpExchangeRequest = { method, url: baseUrl + target, headers: { ...common, ...form, ...headers }, body, timeoutMs };
    const exchanged = await exchangeAuthorized(http, auth, request, signal);
    if (!exchanged.ok) return { ...exchanged.outcome, request: excerptOf(request, auth.redaction) };
    return outcomeOfExchange(exchanged.result, clock.now(), excerptOf(exchanged.request, auth.redaction));
  };
}
