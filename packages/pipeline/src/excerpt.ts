/** What an attempt keeps of the exchange: redacted heads and first bytes of request and response, as JSON, sealed by the caller. */
import type { Outcome } from '@nave/core';

const BODY_BYTES_MAX = 4_096;

/** Null when nothing was exchanged. */
export function encodeExcerpt(outcome: Outcome): Uint8Array | null {
  const { request, response } = outcome;
  if (request === undefined && response === undefined) return null;
  return Buffer.from(
    JSON.stringify({
      request: request === undefined ? null : { line: request.line, headers: request.headers, body: head(request.body) },
      response: response === undefined ? null : { status: response.status, headers: response.headers, body: head(response.body) },
    }),
    'utf8',
  );
}

function head(body: Uint8Array): string {
  return Buffer.from(body.buffer, body.byteOffset, Math.min(body.byteLength, BODY_BYTES_MAX)).toString('utf8');
}
