/** Verification schemes: from the flat form of the API to what `@nave/security` compiles. */
import type { InboundInput, VerifyInput } from '@nave/api-schema';
import type { VerifyScheme } from '@nave/core';

/** One scheme, a list of them, or none; with secrets in clear. */
export function verifySchemes(verify: InboundInput['verify']): VerifyScheme[] {
  if (verify === undefined) return [];
  return (Array.isArray(verify) ? verify : [verify]).map(verifyScheme);
}

/** Everything that is not the scheme's name or a secret is an option of it. */
export function verifyScheme(input: VerifyInput): VerifyScheme {
  const { scheme, secret, secrets, set: _set, ...options } = input;
  const listed = (secrets ?? []).flatMap((entry) =>
    typeof entry.secret === 'string' ? [{ secret: entry.secret, notAfterMs: entry.notAfter ? Date.parse(entry.notAfter) : null }] : [],
  );
  const single = typeof secret === 'string' ? [{ secret, notAfterMs: null }] : [];
  return { scheme, secrets: [...single, ...listed], options };
}
