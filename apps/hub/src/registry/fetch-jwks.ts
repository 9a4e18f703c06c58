/** Fetches JWKS documents through the guarded client: key sets are configuration, their URLs are checked like every other way out. */
import type { GuardedHttp } from '@nave/adapter-kit';
import { HubError } from '@nave/core';

const TIMEOUT_MS = 5_000;
const BYTES_MAX = 256 * 1024;

/** The fetcher throws HubError `auth.unavailable` when the key set cannot be had. */
export function jwksFetcher(http: GuardedHttp): (url: string) => Promise<{ keys: readonly unknown[] }> {
  return async (url) => {
    const request = { method: 'GET', url, headers: { accept: 'application/json' }, timeoutMs: TIMEOUT_MS, maxBodyBytes: BYTES_MAX };
    const result = await http.exchange(request, AbortSignal.timeout(TIMEOUT_MS + 1_000));
    if (!result.ok) throw new HubError('auth.unavailable', { detail: `The key set cannot be fetched: ${result.detail}` });
    if (result.status !== 200) throw new HubError('auth.unavailable', { detail: `The key set cannot be fetched: status ${result.status}` });
    const document: unknown = JSON.parse(Buffer.from(result.body).toString('utf8'));
    if (typeof document === 'object' && document !== null && 'keys' in document && Array.isArray(document.keys))
      return { keys: document.keys };
    throw new HubError('auth.unavailable', { detail: 'The key set is not a JWKS document' });
  };
}
