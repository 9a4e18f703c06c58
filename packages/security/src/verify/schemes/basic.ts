/** HTTP Basic (RFC 7617): name and password in `Authorization`. */
import type { Verdict } from '@nave/core';
import { constantTimeEqual } from '../../keys/constant-time.ts';
import { textOption } from '../read-options.ts';
import { requestHeader } from '../request-header.ts';
import { refuse, type SchemeDefinition } from '../scheme-definition.ts';
import { secretProblems } from '../secret-path.ts';
import { createSecretRing } from '../secret-ring.ts';

const FORM = /^basic +([A-Za-z0-9+/_-]+={0,2})$/i;

/** The secret is the password; without `username` it is `name:password`. */
export const basic: SchemeDefinition = {
  name: 'basic',
  title: 'Basic',
  summary: 'HTTP Basic with a name and a password.',
  options: {
    type: 'object',
    properties: {
      // RFC 7617 section 2: the name ends at the first colon.
      username: {
        type: 'string',
        description: 'Name; without it the secret is name:password.',
        pattern: '^[^:\\u0000-\\u001f]*$',
        maxLength: 255,
      },
    },
    additionalProperties: false,
  },
  secretRequired: true,
  proves: 'caller',
  problems: (scheme) => {
    if (textOption(scheme.options, 'username') !== undefined) return [];
    return secretProblems(scheme, (secret) => (secret.includes(':') ? null : 'expected name:password when username is not set'));
  },
  compile: (scheme, { clock }) => {
    const username = textOption(scheme.options, 'username');
    const ring = createSecretRing(scheme.secrets, (secret) => Buffer.from(username === undefined ? secret : `${username}:${secret}`));
    return (request): Verdict => {
      const header = requestHeader(request, 'authorization');
      if (header === undefined) return refuse('Authorization is missing');
      const encoded = FORM.exec(header)?.[1];
      if (encoded === undefined) return refuse('Authorization is not Basic');
      const given = Buffer.from(encoded, 'base64');
      const matches = ring.first(clock.now(), (expected) => constantTimeEqual(expected, given) || undefined);
      return matches ? { ok: true, callerIdempotencyKey: true } : refuse('name or password is wrong');
    };
  },
  sensitiveHeaders: () => ['authorization'],
};
