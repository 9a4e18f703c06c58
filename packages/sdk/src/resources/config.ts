/** The whole declarative state: read, compared, applied. */
import type { Configuration, ConfigurationChanges, ConfigurationInput } from '@nave/api-schema';
import type { Static } from 'typebox';
import type { Transport } from '../transport/transport.ts';

export interface ApplyOptions {
  /** Deletes spokes and routes that the configuration does not name, and alert rules when it names any. */
  prune?: boolean;
  /** With prune: cancels open deliveries of what is deleted. */
  force?: boolean;
}

const BASE = '/api/v1/config';
const APPLY_TIMEOUT_MS = 60_000;

export function configResource(transport: Transport) {
  return {
    get: () => transport.request<Configuration>({ path: BASE }),
    /** What `apply` would change. */
    diff: (config: ConfigurationInput, { prune, force }: ApplyOptions = {}) =>
      transport.request<Static<typeof ConfigurationChanges>>({
        ...{ method: 'POST', path: `${BASE}/diff`, query: { prune, force }, body: config, timeoutMs: APPLY_TIMEOUT_MS },
      }),
    /** Everything or nothing. */
    apply: (config: ConfigurationInput, { prune, force }: ApplyOptions = {}) =>
      transport.request<Static<typeof ConfigurationChanges>>({
        ...{ method: 'PUT', path: BASE, query: { prune, force }, body: config, timeoutMs: APPLY_TIMEOUT_MS },
      }),
  };
}
