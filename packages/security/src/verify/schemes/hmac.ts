/** A configurable HMAC, for senders that sign in their own way. */
import { createHmac } from 'node:crypto';
import type { AcceptedVerdict, FieldProblem, RawRequest, Verdict, VerifyScheme } from '@nave/core';
import { constantTimeEqual } from '../../keys/constant-time.ts';
import { HMAC_OPTIONS, hmacKey, readHmacOptions } from '../hmac-options.ts';
import { replayIdOf } from '../replay-id.ts';
import { labelHeader, requestHeader } from '../request-header.ts';
import { refuse, type SchemeDefinition } from '../scheme-definition.ts';
import { secretProblems } from '../secret-path.ts';
import { createSecretRing } from '../secret-ring.ts';
import { parseSignedTemplate } from '../signed-template.ts';
import { refuseTimestamp } from '../tolerance.ts';

/** What is signed is a template such as `{timestamp}.{body}`; the body must be part of it, and a timestamp that counts must be signed. */
export const hmac: SchemeDefinition = {
  name: 'hmac',
  title: 'HMAC',
  summary: 'A signature header of your own making: algorithm, encoding, prefix and what is signed are options.',
  options: HMAC_OPTIONS,
  secretRequired: true,
  proves: 'content',
  problems: templateProblems,
  compile: (scheme, { clock }) => {
    const options = readHmacOptions(scheme.options);
    const template = parseSignedTemplate(options.signed);
    const ring = createSecretRing(scheme.secrets, (secret) => hmacKey(secret, options.secretEncoding));
    return (request): Verdict => {
      if (template.problem !== null) return refuse('the scheme is not configured');
      const header = requestHeader(request, options.header);
      if (header === undefined) return refuse(`${options.header} is missing`);
      if (!header.startsWith(options.prefix)) return refuse('the signature has another prefix');
      const given = header.slice(options.prefix.length);
      const timestamp = options.timestampHeader === undefined ? undefined : requestHeader(request, options.timestampHeader);
      const nowMs = clock.now();
      if (options.timestampHeader !== undefined) {
        if (timestamp === undefined) return refuse(`${options.timestampHeader} is missing`);
        const refusal = refuseTimestamp(timestamp, options.timestampUnit, nowMs, options.toleranceMs);
        if (refusal) return refusal;
      }
      const parts = template.fill(request, timestamp ?? '');
      if (parts === null) return refuse('a signed header is missing');
      const matches = ring.first(nowMs, (key) => {
        const mac = createHmac(options.algorithm, key);
        for (const part of parts) mac.update(part);
        return constantTimeEqual(mac.digest(options.encoding), canonical(given, options.encoding)) || undefined;
      });
      if (!matches) return refuse('the signature does not match');
      return accept(scheme, request, canonical(given, options.encoding), timestamp !== undefined);
    };
  },
  sensitiveHeaders: (options) => [readHmacOptions(options).header],
};

function accept(scheme: VerifyScheme, request: RawRequest, signature: string, timed: boolean): Verdict {
  const { idHeader, typeHeader, signed } = readHmacOptions(scheme.options);
  const eventType = typeHeader === undefined ? undefined : labelHeader(request, typeHeader);
  const verdict: AcceptedVerdict = { ok: true, ...(eventType !== undefined && { eventType }) };
  const id = idHeader === undefined ? undefined : labelHeader(request, idHeader);
  if (idHeader !== undefined && parseSignedTemplate(signed).headers.includes(idHeader)) {
    return id === undefined ? verdict : { ...verdict, signedId: id };
  }
  const deliveryId = id ?? (timed ? replayIdOf(signature) : undefined);
  // An id that is not signed can be changed or left out by whoever replays the call, so the digest counts as well.
  return { ...verdict, ...(deliveryId !== undefined && { deliveryId }), ...(idHeader !== undefined && { rememberDigest: true }) };
}

/** One text form per signature, so that another spelling of the same one is no new call. */
function canonical(given: string, encoding: 'hex' | 'base64' | 'base64url'): string {
  if (encoding === 'hex') return given.toLowerCase();
  return encoding === 'base64url' ? given.replace(/=+$/, '') : given;
}

function templateProblems(scheme: VerifyScheme): FieldProblem[] {
  const options = readHmacOptions(scheme.options);
  const template = parseSignedTemplate(options.signed);
  const problems = secretProblems(scheme, (secret) =>
    hmacKey(secret, options.secretEncoding) === null ? `expected ${options.secretEncoding}` : null,
  );
  if (template.problem !== null) return [...problems, { path: '/signed', message: template.problem }];
  if (!template.names.includes('body')) problems.push({ path: '/signed', message: 'expected {body} to be signed' });
  const timed = template.names.includes('timestamp');
  if (timed && options.timestampHeader === undefined)
    problems.push({ path: '/timestampHeader', message: 'is required because {timestamp} is signed' });
  if (!timed && options.timestampHeader !== undefined)
    problems.push({ path: '/signed', message: 'expected {timestamp} to be signed: a time that is not signed proves nothing' });
  return problems;
}
