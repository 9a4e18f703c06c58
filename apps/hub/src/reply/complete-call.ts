/** How a reply route answers, completed from its stored form. */
import type { RouteSpec } from '@nave/api-schema';
import { type CallDefinition, parseDuration } from '@nave/core';

/** What a version from before an option existed does not say is the default. */
export function completeCall({ reply, onTimeout, onFailure, onHangup, cache }: RouteSpec): CallDefinition {
  const ttlMs = cache ? parseDuration(cache.ttl) : null;
  return {
    reply: reply ?? null,
    onTimeout: onTimeout ?? 'finish',
    onFailure: onFailure ?? 'cancel',
    onHangup: onHangup ?? 'finish',
    cache: cache && ttlMs !== null ? { key: cache.key, ttlMs } : null,
  };
}
