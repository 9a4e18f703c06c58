/** Resources that have a name and are written as a whole: spokes and routes. */
import { type Listing, listingOf } from '../listing.ts';
import type { Transport } from '../transport/transport.ts';

export interface Precondition {
  /** Only when the stored version is still this one (`If-Match`); else the hub answers 412. */
  version?: number;
}

export interface Named<Item, Create, Input> extends Listing<Item, Record<never, never>> {
  get(name: string): Promise<Item>;
  create(item: Create): Promise<Item>;
  /** Adds or replaces. Secrets left out keep what is stored. */
  put(name: string, item: Input, precondition?: Precondition): Promise<Item>;
  /** JSON merge patch (RFC 7396): fields replace, null removes. */
  patch(name: string, changes: Readonly<Record<string, unknown>>, precondition?: Precondition): Promise<Item>;
  /** @param options.force cancels open deliveries instead of refusing */
  delete(name: string, options?: Precondition & { force?: boolean }): Promise<void>;
}

export function namedResource<Item, Create, Input>(transport: Transport, base: string): Named<Item, Create, Input> {
  const at = (name: string) => `${base}/${encodeURIComponent(name)}`;
  return {
    ...listingOf<Item, Record<never, never>>(transport, base),
    get: (name) => transport.request({ path: at(name) }),
    create: (item) => transport.request({ method: 'POST', path: base, body: item }),
    put: (name, item, precondition) => transport.request({ method: 'PUT', path: at(name), body: item, headers: ifMatch(precondition) }),
    patch: (name, changes, precondition) =>
      transport.request({
        method: 'PATCH',
        path: at(name),
        body: changes,
        headers: { ...ifMatch(precondition), 'content-type': 'application/merge-patch+json' },
      }),
    delete: (name, { force, ...precondition } = {}) =>
      transport.request({ method: 'DELETE', path: at(name), query: { force }, headers: ifMatch(precondition) }),
  };
}

function ifMatch({ version }: Precondition = {}): Record<string, string> {
  return version === undefined ? {} : { 'if-match': `"${version}"` };
}
