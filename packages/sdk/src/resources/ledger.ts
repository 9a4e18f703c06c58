/** The ledger: what was accepted, and what became of it. */
import type { Ledger, LedgerVerdict } from '@nave/api-schema';
import type { Transport } from '../transport/transport.ts';

const BASE = '/api/v1/ledger';

export function ledgerResource(transport: Transport) {
  return {
    /** @param window a duration such as `24h`; default one hour */
    get: (window?: string) => transport.request<Ledger>({ path: BASE, query: { window } }),
    /**
     * Counts everything between two moments (RFC 3339; default all that is kept) again. A verdict for each stretch the hub counted in one call; leave the loop
     * to stop.
     */
    async *verify(from?: string, to?: string): AsyncGenerator<LedgerVerdict> {
      for (let next: string | null | undefined = from; next !== null; ) {
        const verdict: LedgerVerdict = await transport.request<LedgerVerdict>({
          path: `${BASE}/verify`,
          query: { from: next, to },
          timeoutMs: 60_000,
        });
        yield verdict;
        next = verdict.next;
      }
    },
  };
}
