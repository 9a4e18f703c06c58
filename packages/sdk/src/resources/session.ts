/** Who asks, and signing in and out as the dashboard does: the hub sets a cookie that scripts cannot read. */
import type { Session, SessionCreate } from '@nave/api-schema';
import type { Transport } from '../transport/transport.ts';

const PATH = '/api/v1/session';

export function sessionResource(transport: Transport) {
  return {
    /** Who the key or the cookie belongs to. */
    get: () => transport.request<Session>({ path: PATH }),
    /** Signs in with a key, or with the token of a single-use link. */
    open: (by: SessionCreate) => transport.request<Session>({ method: 'POST', path: PATH, body: by }),
    /** Signs out. */
    end: () => transport.request<void>({ method: 'DELETE', path: PATH }),
  };
}
