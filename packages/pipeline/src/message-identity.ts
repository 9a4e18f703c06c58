/** What a message is recognised by: ids and types, as schemes and bodies carry them. */
import { hash } from 'node:crypto';
import type { AcceptedVerdict, RawRequest } from '@nave/core';

/** The id that the signature covers, or null. */
export function signedIdOf(verdict: AcceptedVerdict, data: unknown, body: Uint8Array): string | null {
  const { signedId } = verdict;
  if (signedId === undefined) return null;
  if (typeof signedId === 'string') return signedId === '' ? null : signedId;
  const fields = typeof signedId.bodyField === 'string' ? [signedId.bodyField] : signedId.bodyField;
  for (const field of fields) {
    const value = keyOf(fieldOf(data, field), body);
    if (value !== null) return value;
  }
  return null;
}

/** The event type as the scheme carries it, or null. */
export function eventTypeOf(verdict: AcceptedVerdict, data: unknown): string | null {
  const { eventType } = verdict;
  if (eventType === undefined) return null;
  return typeof eventType === 'string' ? textOf(eventType) : textOf(fieldOf(data, eventType.bodyField));
}

/** An id that is not signed: the delivery id, else the `Idempotency-Key` of the caller where it counts. */
export function callerKeyOf(verdict: AcceptedVerdict, request: RawRequest): string | null {
  return textOf(verdict.deliveryId) ?? (verdict.callerIdempotencyKey === true ? textOf(request.headers['idempotency-key']) : null);
}

function fieldOf(data: unknown, path: string): unknown {
  let value = data;
  for (const name of path.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
    value = Reflect.get(value, name);
  }
  return value;
}

/**
 * An idempotency key from parsed data. Integers beyond 2^53 were rounded by the parser: two of them may have become one number, and one message would be
 * taken for a repeat of the other. The body tells them apart then.
 */
export function keyOf(value: unknown, body: Uint8Array): string | null {
  const text = textOf(value);
  const rounded = typeof value === 'number' && Math.abs(value) > Number.MAX_SAFE_INTEGER;
  return text !== null && rounded ? `${text} ${sha256(body).toString('base64url')}` : text;
}

/** Text or a number as text; null for all else. */
export function textOf(value: unknown): string | null {
  if (typeof value === 'number' && Number.isFinite(value)) return String(value);
  return typeof value === 'string' && value.length > 0 ? value : null;
}

export function sha256(bytes: Uint8Array): Buffer {
  return hash('sha256', bytes, 'buffer');
}
