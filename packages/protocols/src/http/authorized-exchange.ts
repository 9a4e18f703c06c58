/** One exchange with credentials: a refusal of what can be renewed (a token, a session, a nonce) is tried once more, everything else is answered as it is. */
import type { GuardedHttp, HttpExchangeRequest, HttpExchangeResult } from '@nave/adapter-kit';
import type { Outcome } from '@nave/core';
import type { HttpAuth } from './http-auth.ts';

/** The result and the request as it was sent (its excerpt needs redaction), or the outcome when no credentials could be had. */
export type AuthorizedExchange = { ok: true; result: HttpExchangeResult; request: HttpExchangeRequest } | { ok: false; outcome: Outcome };

/** Authorises and sends. Never throws for what the other side does. */
export async function exchangeAuthorized(
  http: GuardedHttp,
  auth: HttpAuth,
  request: HttpExchangeRequest,
  signal: AbortSignal,
): Promise<AuthorizedExchange> {
  const first = await exchangeOnce(http, auth, request, signal);
  if (!first.ok || !first.result.ok || !isOver(auth, first.result.status) || !auth.refused(first, first.result)) return first;
  return exchangeOnce(http, auth, request, signal);
}

function isOver({ expiredOn }: HttpAuth, status: number): boolean {
  return expiredOn === undefined ? status === 401 : expiredOn.includes(status);
}

async function exchangeOnce(http: GuardedHttp, auth: HttpAuth, request: HttpExchangeRequest, signal: AbortSignal) {
  const pending = auth.authorize(request);
  const authorized = 'then' in pending ? await orCancelled(pending, signal) : pending;
  if (!authorized.ok) return authorized;
  const { request: sent, token } = authorized;
  const result = await http.exchange(sent, signal);
  if (result.ok && !isOver(auth, result.status)) auth.answered?.(authorized, result);
  return { ok: true, result, request: sent, token } as const;
}

/** Stops waiting for a token that others wait for too; the request for it goes on. */
function orCancelled<T>(pending: Promise<T>, signal: AbortSignal): Promise<T | { ok: false; outcome: Outcome }> {
  const outcome: Outcome = { kind: 'timeout', status: null, detail: 'the hub gave up while it waited for a token', sent: false };
  if (signal.aborted) return Promise.resolve({ ok: false, outcome });
  return new Promise((resolve, reject) => {
    const onAbort = (): void => resolve({ ok: false, outcome });
    signal.addEventListener('abort', onAbort, { once: true });
    pending.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}
