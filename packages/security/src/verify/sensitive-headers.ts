/** What must not be stored with a message: the credentials and signatures that came with it. */
import type { VerifyScheme } from '@nave/core';
import { schemeByName } from './registry.ts';

/** Dropped whatever the scheme: a caller may send them although nobody asked. */
const ALWAYS = ['authorization', 'cookie', 'proxy-authorization', 'set-cookie', 'x-api-key', 'x-auth-token', 'x-forwarded-client-cert'];

/** Lower-case names of headers to drop before storing. */
export function sensitiveHeaders(schemes: readonly VerifyScheme[]): ReadonlySet<string> {
  return new Set([...ALWAYS, ...schemes.flatMap((scheme) => schemeByName(scheme.scheme)?.sensitiveHeaders?.(scheme.options) ?? [])]);
}

/** Names of query parameters to drop before storing (keys in the URL). */
export function sensitiveQuery(schemes: readonly VerifyScheme[]): ReadonlySet<string> {
  return new Set(schemes.flatMap((scheme) => schemeByName(scheme.scheme)?.sensitiveQuery?.(scheme.options) ?? []));
}
