/** JSON Web Tokens (RFC 7519, checked as RFC 8725 advises): a bearer token signed with a shared secret or by an issuer's key. */
import { createPublicKey, createSecretKey, type KeyObject } from 'node:crypto';
import type { FieldProblem, Verdict, VerifyScheme } from '@nave/core';
import { errors, type JWTVerifyGetKey, type JWTVerifyOptions, jwtVerify } from 'jose';
import { createJwksCache, JwksUnavailable } from '../jwks-cache.ts';
import { headerOption, listOption, textOption } from '../read-options.ts';
import { requestHeader } from '../request-header.ts';
import { refuse, type SchemeDefinition } from '../scheme-definition.ts';
import { secretProblems } from '../secret-path.ts';
import { createSecretRing } from '../secret-ring.ts';
import { durationOption, TOLERANCE_OPTION } from '../tolerance.ts';

const SHARED = ['HS256', 'HS384', 'HS512'];
const PUBLIC = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519'];
/** Between two clocks that are both kept by NTP; more would let expired tokens live on. */
const TOLERANCE_MS = 5_000;
const NAMES = { type: ['string', 'array'], maxItems: 20, items: { type: 'string', maxLength: 500 }, maxLength: 500 } as const;

/**
 * The secret is the shared one for HS*, or a public key in PEM; or `jwksUrl` names the issuer's key set. Which family of algorithms counts follows
 * from that and not from the token, so a public key is never taken as a shared secret; `none` never counts, `jku`, `x5u` and `jwk` in a token are ignored.
 */
export const jwt: SchemeDefinition = {
  name: 'jwt',
  title: 'JSON Web Token',
  summary: 'A signed bearer token, checked with a shared secret, a public key or the key set of its issuer.',
  options: {
    type: 'object',
    properties: {
      jwksUrl: {
        type: 'string',
        description: 'URL of the key set (JWKS) of the issuer.',
        pattern: '^https?://[^\\s#]+$',
        maxLength: 2_000,
      },
      algorithms: {
        type: 'array',
        description: 'Algorithms that are accepted.',
        minItems: 1,
        maxItems: 14,
        items: { type: 'string', enum: [...SHARED, ...PUBLIC] },
      },
      issuer: { ...NAMES, description: 'Issuers (iss) that are accepted.' },
      audience: { ...NAMES, description: 'Audiences (aud), one of which the token must name.' },
      subject: { type: 'string', description: 'Subject (sub) the token must name.', maxLength: 500 },
      requireExpiry: { type: 'boolean', description: 'Refuse tokens that never expire.', default: false },
      maxAge: {
        ...TOLERANCE_OPTION,
        description: 'Longest time since the token was issued (iat), a duration or seconds.',
        default: undefined,
      },
      tolerance: { ...TOLERANCE_OPTION, description: 'Allowed difference of clocks, a duration or seconds.', default: '5s', minimum: 0 },
      header: {
        type: 'string',
        description: 'Header with the token; Authorization by default.',
        pattern: "^[A-Za-z0-9!#$%&'*+.^_`|~-]+$",
        maxLength: 100,
      },
    },
    additionalProperties: false,
  },
  secretRequired: false,
  proves: 'caller',
  problems: jwtProblems,
  compile: (scheme, deps) => {
    const { options } = scheme;
    const jwksUrl = textOption(options, 'jwksUrl');
    const header = headerOption(options, 'header') ?? 'authorization';
    const issuerKeys = jwksUrl === undefined ? null : createJwksCache(jwksUrl, deps);
    const ring = createSecretRing(scheme.secrets, keyOf);
    return async (request): Promise<Verdict> => {
      const value = requestHeader(request, header);
      if (value === undefined) return refuse(`${header} is missing`);
      const bearer = /^bearer +/i.exec(value)?.[0];
      if (header === 'authorization' && bearer === undefined) return refuse('Authorization is not Bearer');
      const token = value.slice(bearer?.length ?? 0);
      const nowMs = deps.clock.now();
      const keys: (KeyObject | JWTVerifyGetKey)[] = issuerKeys === null ? ring.valid(nowMs) : [issuerKeys];
      for (const key of keys) {
        const refusal = await refusalOf(token, key, {
          ...claims(options),
          currentDate: new Date(nowMs),
          algorithms: algorithmsFor(options, key),
        });
        if (refusal === null) return { ok: true, callerIdempotencyKey: true };
        if (refusal === NO_KEYS) return { ok: false, reason: NO_KEYS, unavailable: true };
        if (refusal !== NOT_SIGNED) return refuse(refusal);
      }
      return refuse(NOT_SIGNED);
    };
  },
  sensitiveHeaders: (options) => ['authorization', headerOption(options, 'header') ?? 'authorization'],
};

const NOT_SIGNED = 'the token is not signed by an accepted key';
const NO_KEYS = 'the keys of the issuer cannot be fetched';

async function refusalOf(token: string, key: KeyObject | JWTVerifyGetKey, options: JWTVerifyOptions): Promise<string | null> {
  try {
    await jwtVerify(token, key, options);
    return null;
  } catch (error) {
    if (error instanceof errors.JWTExpired) return 'the token has expired';
    if (error instanceof errors.JWTClaimValidationFailed) return `the claim ${error.claim} of the token is missing or not accepted`;
    if (error instanceof errors.JWSInvalid || error instanceof errors.JWTInvalid) return 'the token is malformed';
    if (error instanceof errors.JWKSMultipleMatchingKeys) return 'several keys of the issuer match: the token must name one (kid)';
    if (error instanceof JwksUnavailable) return NO_KEYS;
    return NOT_SIGNED;
  }
}

function claims(options: VerifyScheme['options']): JWTVerifyOptions {
  const issuer = [...listOption(options, 'issuer')];
  const audience = [...listOption(options, 'audience')];
  const subject = textOption(options, 'subject');
  const maxAgeMs = durationOption(options['maxAge'], null);
  return {
    clockTolerance: durationOption(options['tolerance'], TOLERANCE_MS) / 1_000,
    ...(issuer.length > 0 && { issuer }),
    ...(audience.length > 0 && { audience }),
    ...(subject !== undefined && { subject }),
    ...(maxAgeMs !== null && { maxTokenAge: maxAgeMs / 1_000 }),
    ...(options['requireExpiry'] === true && { requiredClaims: ['exp'] }),
  };
}

function algorithmsFor(options: VerifyScheme['options'], key: KeyObject | JWTVerifyGetKey): string[] {
  const family = typeof key !== 'function' && key.type === 'secret' ? SHARED : PUBLIC;
  const chosen = listOption(options, 'algorithms');
  return chosen.length === 0 ? family : family.filter((algorithm) => chosen.includes(algorithm));
}

/** PEM text is a public key, everything else a shared secret; null for PEM that cannot be read, or that is a private key we should not hold. */
function keyOf(secret: string): KeyObject | null {
  if (!secret.trimStart().startsWith('-----BEGIN ')) return createSecretKey(Buffer.from(secret));
  if (secret.includes('PRIVATE KEY')) return null;
  try {
    return createPublicKey(secret);
  } catch {
    return null;
  }
}

function jwtProblems(scheme: VerifyScheme): FieldProblem[] {
  const hasUrl = textOption(scheme.options, 'jwksUrl') !== undefined;
  if (hasUrl && scheme.secrets.length > 0) return [{ path: '/jwksUrl', message: 'expected either jwksUrl or a secret, not both' }];
  if (!hasUrl && scheme.secrets.length === 0) return [{ path: '/secret', message: 'is required unless jwksUrl is set' }];
  const problems = secretProblems(scheme, (secret) => (keyOf(secret) === null ? 'expected a shared secret or a public key in PEM' : null));
  const chosen = listOption(scheme.options, 'algorithms');
  const families = hasUrl
    ? [PUBLIC]
    : scheme.secrets.flatMap(({ secret }) => keyOf(secret)).map((key) => (key?.type === 'secret' ? SHARED : PUBLIC));
  if (chosen.length > 0 && families.some((family) => !family.some((algorithm) => chosen.includes(algorithm)))) {
    problems.push({ path: '/algorithms', message: 'expected HS* with a shared secret, any other with a public key or jwksUrl' });
  }
  return problems;
}
