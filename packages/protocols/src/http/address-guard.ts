/** The outbound address guard as this package needs it; `@nave/security` has the implementation, the hub brings them together. */
export interface AddressGuard {
  /**
   * Says which of the resolved addresses of a host may be connected to.
   * @param addresses IPv4 and IPv6 literals as DNS (or the URL itself) gave them
   */
  check(hostname: string, port: number, addresses: readonly string[]): AddressVerdict;
}

export type AddressVerdict = { ok: true; addresses: readonly string[] } | { ok: false; reason: string };
