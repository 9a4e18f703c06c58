/** From the configured schemes of a spoke to one function that says yes or no to a request. */
import { type AcceptedVerdict, type HandshakeAnswer, HubError, type RawRequest, type Verdict, type VerifyScheme } from '@nave/core';
import { schemeByName } from './registry.ts';
import { refuse, type VerifyDeps } from './scheme-definition.ts';
import { verifySchemeProblems } from './scheme-problems.ts';

export type Verifier = (request: RawRequest) => Promise<Verdict>;

/**
 * Compiles the schemes of a spoke once; the verifier is then called for every request.
 * All schemes must pass, in their order; the first refusal is the verdict. Of the ids, the event type and the handshake the first one given wins.
 * No scheme at all refuses everything: such a spoke receives no hooks.
 * @throws HubError `request.invalid` with all problems, when a scheme is unknown or its options or secrets are not valid
 */
export function compileVerifier(schemes: readonly VerifyScheme[], deps: VerifyDeps): Verifier {
  const errors = schemes.flatMap((scheme, index) =>
    verifySchemeProblems(scheme).map(({ path, message }) => ({ path: `/${index}${path}`, message })),
  );
  if (errors.length > 0) throw new HubError('request.invalid', { detail: 'The verification of this spoke is not valid.', errors });
  const compiled = schemes.flatMap((scheme) => {
    const definition = schemeByName(scheme.scheme);
    return definition ? [{ check: definition.compile(scheme, deps), signs: definition.proves === 'content' }] : [];
  });
  // A caller's key says nothing where a provider signs: the header is not covered by the signature, a replay could carry another one.
  const signed = compiled.some(({ signs }) => signs);
  return async (request) => {
    if (compiled.length === 0) return refuse('the spoke does not receive hooks');
    let merged: AcceptedVerdict = { ok: true };
    for (const { check } of compiled) {
      const verdict = await check(request);
      if (!verdict.ok) return verdict;
      merged = merge(merged, verdict);
    }
    if (signed && merged.callerIdempotencyKey) merged.callerIdempotencyKey = false;
    return merged;
  };
}

function merge(first: AcceptedVerdict, next: AcceptedVerdict): AcceptedVerdict {
  // Field by field: an absent field of the first must not hide the one of the next.
  const merged: AcceptedVerdict = { ok: true };
  const signedId = first.signedId ?? next.signedId;
  const deliveryId = first.deliveryId ?? next.deliveryId;
  const eventType = first.eventType ?? next.eventType;
  const handshake = first.handshake ?? next.handshake;
  if (signedId !== undefined) merged.signedId = signedId;
  if (deliveryId !== undefined) merged.deliveryId = deliveryId;
  if (eventType !== undefined) merged.eventType = eventType;
  if (handshake !== undefined) merged.handshake = handshake;
  if (first.rememberDigest || next.rememberDigest) merged.rememberDigest = true;
  if (first.callerIdempotencyKey || next.callerIdempotencyKey) merged.callerIdempotencyKey = true;
  return merged;
}

/** The answer to a GET handshake by the first scheme that has one, or null: the hub then answers 404. */
export function handshakeAnswer(schemes: readonly VerifyScheme[], request: RawRequest): HandshakeAnswer | null {
  for (const scheme of schemes) {
    const answer = schemeByName(scheme.scheme)?.handshake?.(scheme, request) ?? null;
    if (answer !== null) return answer;
  }
  return null;
}
