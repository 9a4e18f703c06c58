/** A fixed key in a header or, where the sender can do no better, in the query. */
import type { Verdict } from '@nave/core';
import { constantTimeEqual } from '../../keys/constant-time.ts';
import { headerOption, textOption } from '../read-options.ts';
import { requestHeader } from '../request-header.ts';
import { refuse, type SchemeDefinition } from '../scheme-definition.ts';
import { createSecretRing, utf8Key } from '../secret-ring.ts';

const DEFAULT_HEADER = 'x-api-key';

/** `header` (default `X-API-Key`, unless only `query` is given) and `query` name the places that count; `prefix` is what precedes the key in the header. */
export const apiKey: SchemeDefinition = {
  name: 'api-key',
  title: 'API key',
  summary: 'A key in a header or in the query.',
  options: {
    type: 'object',
    properties: {
      header: {
        type: 'string',
        description: 'Header with the key; X-API-Key by default.',
        pattern: "^[A-Za-z0-9!#$%&'*+.^_`|~-]+$",
        maxLength: 100,
      },
      prefix: { type: 'string', description: 'Text before the key in the header, such as "Bearer ".', maxLength: 50 },
      query: { type: 'string', description: 'Query parameter with the key. Prefer a header: URLs end up in logs.', maxLength: 100 },
    },
    additionalProperties: false,
  },
  secretRequired: true,
  proves: 'caller',
  compile: (scheme, { clock }) => {
    const { header, query } = places(scheme.options);
    const prefix = textOption(scheme.options, 'prefix') ?? '';
    const ring = createSecretRing(scheme.secrets, utf8Key);
    return (request): Verdict => {
      const nowMs = clock.now();
      const inHeader = header === undefined ? undefined : requestHeader(request, header);
      const inQuery = query !== undefined && Object.hasOwn(request.query, query) ? request.query[query] : undefined;
      const given = inHeader?.startsWith(prefix) ? inHeader.slice(prefix.length) : inQuery;
      if (typeof given !== 'string' || given === '') return refuse('the key is missing');
      const matches = ring.first(nowMs, (key) => constantTimeEqual(key, given) || undefined);
      return matches ? { ok: true, callerIdempotencyKey: true } : refuse('the key is wrong');
    };
  },
  sensitiveHeaders: (options) => {
    const { header } = places(options);
    return header === undefined ? [] : [header];
  },
  sensitiveQuery: (options) => {
    const { query } = places(options);
    return query === undefined ? [] : [query];
  },
};

function places(options: Readonly<Record<string, unknown>>): { header: string | undefined; query: string | undefined } {
  const query = textOption(options, 'query');
  return { header: headerOption(options, 'header') ?? (query === undefined ? DEFAULT_HEADER : undefined), query };
}
