/** A real round trip to a system that speaks HTTP, for the API's `check`: any answer proves that it can be reached. */
import type { HttpExchangeResult, ProbeResult } from '@nave/adapter-kit';
import type { Outcome } from '@nave/core';

type Failure = Extract<HttpExchangeResult, { ok: false }>;
type Check = ProbeResult['checks'][number];

/** What a round trip shows. `judgeCredentials` false for requests that carry none. */
export function probeOfExchange(result: HttpExchangeResult, judgeCredentials: boolean): ProbeResult {
  if (!result.ok && result.status === null) return probeOf([{ name: nameOf(result), ok: false, detail: result.detail }]);
  const { status } = result;
  const checks: Check[] = [{ name: 'reachable', ok: true, detail: `answered ${status}` }];
  if (judgeCredentials && (status === 401 || status === 403))
    checks.push({ name: 'credentials', ok: false, detail: `refused with ${status}` });
  else if (judgeCredentials) checks.push({ name: 'credentials', ok: true, detail: 'not refused' });
  return probeOf(checks);
}

/** What it shows when not even a token could be had. */
export function probeOfTokenFailure(outcome: Outcome): ProbeResult {
  return probeOf([{ name: 'credentials', ok: false, detail: outcome.detail }]);
}

const SIGN_IN = /^(?:(?:the )?token endpoint\b|log-in\b|the client cannot prove|no token within|another worker|the (?:new )?refresh token)/;

/** The finding for an attempt that ended without an answer (its status is null), by name. */
export function checkNameOf({ kind, detail }: Pick<Outcome, 'kind' | 'detail'>): string {
  if (SIGN_IN.test(detail)) return 'credentials';
  if (detail.startsWith('DNS')) return 'dns';
  if (detail.startsWith('TLS')) return 'tls';
  return kind === 'rejected' ? 'address' : 'reachable';
}

function probeOf(checks: readonly Check[]): ProbeResult {
  const failed = checks.find((check) => !check.ok);
  return { ok: failed === undefined, detail: (failed ?? checks[0])?.detail ?? 'nothing was checked', checks };
}

function nameOf({ failure, detail }: Failure): string {
  if (failure === 'refused') return 'address';
  if (failure !== 'unreachable') return 'answer';
  if (detail.startsWith('DNS')) return 'dns';
  return detail.startsWith('TLS') ? 'tls' : 'reachable';
}
