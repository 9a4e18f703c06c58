/** What an attempt keeps of the exchange: redacted heads and first bytes of request and response, as JSON, sealed by the caller. */
import { isUtf8 } from 'node:buffer';
import type { Outcome, OutcomeResponse } from '@nave/core';

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

/** True when nothing of an answer is lost in its excerpt: it can be read back from there (`answerOfExcerpt`). */
export function isWholeInExcerpt({ headers, contentType, body }: OutcomeResponse): boolean {
  return body.byteLength <= BODY_BYTES_MAX && contentType === contentTypeOf(headers) && isUtf8(body);
}

/** The answer in an excerpt as it was read from its JSON; null without one. Whole only where `isWholeInExcerpt` said so. */
export function answerOfExcerpt(excerpt: unknown): OutcomeResponse | null {
  const answer = fieldOf(excerpt, 'response');
  const [status, headers, body] = [fieldOf(answer, 'status'), fieldOf(answer, 'headers'), fieldOf(answer, 'body')];
  if (typeof status !== 'number' || typeof headers !== 'object' || headers === null || typeof body !== 'string') return null;
  const texts = Object.fromEntries(Object.entries(headers).filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
  return { status, headers: texts, contentType: contentTypeOf(texts), body: Buffer.from(body, 'utf8') };
}

function contentTypeOf(headers: Readonly<Record<string, string>>): string {
  return headers['content-type'] ?? '';
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

function head(body: Uint8Array): string {
  return Buffer.from(body.buffer, body.byteOffset, Math.min(body.byteLength, BODY_BYTES_MAX)).toString('utf8');
}
