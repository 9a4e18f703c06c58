/** What an attempt keeps of the exchange: redacted heads and first bytes of request and response, as JSON, sealed by the caller. */
import { isUtf8 } from 'node:buffer';
import type { Outcome, OutcomeResponse } from '@nave/core';

const BODY_BYTES_MAX = 4_096;

/**
 * Null when nothing was exchanged.
 * @param holdsInput the request's body is the delivery's input, which is kept nowhere else
 */
export function encodeExcerpt(outcome: Outcome, holdsInput = false): Uint8Array | null {
  const { request, response } = outcome;
  if (request === undefined && response === undefined) return null;
  const { line, headers } = request ?? {};
  return Buffer.from(
    JSON.stringify({
      request: request === undefined ? null : { line, headers, body: head(request.body), isInput: holdsInput || undefined },
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

/**
 * True when the excerpt of an exchange holds all of a delivery's input: those very bytes were the body, and nothing in them was cut or redacted. It can be read
 * back from there (`inputOfExcerpt`).
 * @param input JSON
 */
export function isInputInExcerpt(input: Uint8Array, { request }: Outcome): boolean {
  const body = request?.body;
  return (
    input.byteLength <= BODY_BYTES_MAX &&
    body?.buffer === input.buffer &&
    body.byteOffset === input.byteOffset &&
    body.byteLength === input.byteLength
  );
}

/** The input in an excerpt as it was read from its JSON; null where it holds none. */
export function inputOfExcerpt(excerpt: unknown): Uint8Array | null {
  const request = fieldOf(excerpt, 'request');
  const body = fieldOf(request, 'body');
  return fieldOf(request, 'isInput') === true && typeof body === 'string' ? Buffer.from(body, 'utf8') : null;
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
