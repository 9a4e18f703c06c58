/** Reading headers of a request nobody has vouched for yet. */
import type { RawRequest } from '@nave/core';

/** Longer signature headers are refused unread: none of the providers comes near. */
const CHARS_MAX = 16_384;
/** Ids and types longer than this are not what a provider sends. */
const LABEL_CHARS_MAX = 255;

/** The value of a header (lower-case name), or undefined when it is missing, empty or absurdly long. */
export function requestHeader(request: RawRequest, name: string): string | undefined {
  // hasOwn: a configured name such as `constructor` must not find Object.prototype.
  const value = Object.hasOwn(request.headers, name) ? request.headers[name] : undefined;
  return typeof value === 'string' && value !== '' && value.length <= CHARS_MAX ? value : undefined;
}

/** A short label (id, event type) from a header, or undefined. */
export function labelHeader(request: RawRequest, name: string): string | undefined {
  const value = requestHeader(request, name)?.trim();
  return value === undefined || value === '' || value.length > LABEL_CHARS_MAX ? undefined : value;
}
