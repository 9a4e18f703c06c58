/** The nonce that the hub wrote into the page: style sheets made by libraries carry it. */
export function cspNonce(): string {
  return document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? '';
}
