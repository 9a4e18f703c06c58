/** What went wrong with an LDAP request, as a value, and the outcome of an attempt that follows from it. */
import type { Outcome, OutcomeKind } from '@nave/core';
import { type Diagnostic, describeDiagnostic, NO_DIAGNOSTIC } from './diagnostic.ts';
import { LDAP, resultName } from './result-codes.ts';

export interface LdapFailure {
  /** `result`: the server answered with a code; `bind`: it did so to the credentials; `invalid`: what was asked for cannot be sent. */
  kind: 'refused' | 'unreachable' | 'timeout' | 'cancelled' | 'malformed' | 'oversized' | 'invalid' | 'result' | 'bind';
  /** Without values and names of entries. */
  detail: string;
  /** Result code, when the server gave one. */
  code: number | null;
  diagnostic: Diagnostic;
}

export type LdapResult<T> = { ok: true; value: T } | { ok: false; failure: LdapFailure };

export function failed(kind: Exclude<LdapFailure['kind'], 'result' | 'bind'>, detail: string): { ok: false; failure: LdapFailure } {
  return { ok: false, failure: { kind, detail, code: null, diagnostic: NO_DIAGNOSTIC } };
}

/** A code other than the wanted one. */
export function refusedWith(code: number, diagnostic: Diagnostic, what: string): { ok: false; failure: LdapFailure } {
  const words = code === LDAP.referral ? ': another server is responsible, name that one in the url' : describeDiagnostic(diagnostic);
  return { ok: false, failure: { kind: 'result', detail: `${what} was answered with ${resultName(code)}${words}`, code, diagnostic } };
}

const KINDS: Readonly<Record<Exclude<LdapFailure['kind'], 'result' | 'bind'>, OutcomeKind>> = {
  refused: 'rejected',
  unreachable: 'unreachable',
  timeout: 'timeout',
  // The hub itself stopped waiting: for the record it is an answer that did not come.
  cancelled: 'timeout',
  malformed: 'fault',
  oversized: 'invalid',
  invalid: 'invalid',
};

/** Codes that pass by themselves: time limit, busy, unavailable, other. Everything else is refused for good. */
const PASSING: ReadonlyMap<number, OutcomeKind> = new Map([
  [3, 'fault'],
  [LDAP.busy, 'throttled'],
  [LDAP.unavailable, 'fault'],
  [80, 'fault'],
]);

/** @param sent whether a request other than the bind had left */
export function outcomeOfLdapFailure({ kind, detail, code }: LdapFailure, sent: boolean): Outcome {
  const answered = kind === 'result' || kind === 'bind';
  return { kind: answered ? (PASSING.get(code ?? -1) ?? 'rejected') : KINDS[kind], status: code, detail, sent };
}
