/** The pages at `/` while there is no dashboard: that it comes, or why it does not. Plain words, and the look of the dashboard. */

const STYLE = `
:root { color-scheme: light dark; --page: light-dark(#f7f7f9, #131317); --panel: light-dark(#fff, #1b1b21); --border: light-dark(#dedee5, #34343f); --text: light-dark(#1b1b22, #ececf1); --soft: light-dark(#5c5c69, #a9a9b6); --accent: light-dark(#5151cd, #a5a5fb); --bad: light-dark(#b3201f, #ff938c); }
* { box-sizing: border-box; } body { margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 16px; background: var(--page); color: var(--text); font: 13px/1.45 system-ui, sans-serif; }
main { width: 100%; max-width: 480px; padding: 24px; border: 1px solid var(--border); border-radius: 6px; background: var(--panel); }
svg { width: 32px; height: 32px; color: var(--accent); } h1 { margin: 12px 0 8px; font-size: 18px; } p { margin: 0 0 8px; color: var(--soft); } p.reason { color: var(--bad); overflow-wrap: anywhere; }
a { color: var(--accent); } code { font: 12px ui-monospace, monospace; overflow-wrap: anywhere; }
@media (prefers-reduced-motion: no-preference) { .turning { animation: turn 4s linear infinite; } } @keyframes turn { to { transform: rotate(360deg); } }
`;
/** The nave of a wheel. */
const SIGN =
  '<svg SPIN viewBox="0 0 32 32" fill="none" stroke="currentColor" stroke-width="3" stroke-linecap="round" aria-hidden="true"><circle cx="16" cy="16" r="4.5" fill="currentColor"/><path d="M16 4v5M16 23v5M4 16h5M23 16h5M7.5 7.5l3.6 3.6M20.9 20.9l3.6 3.6M24.5 7.5l-3.6 3.6M11.1 20.9l-3.6 3.6"/></svg>';
const MEANWHILE =
  '<p>The hub itself works: messages are taken and delivered. Its <a href="/docs">API</a> and <a href="/readyz">state</a> are there.</p>';

/**
 * Comes again by itself. By script: an address with a fragment, such as a sign-in link, is not loaded again by a `refresh` (Chromium only moves to the fragment),
 * and any other address would lose the fragment.
 */
export function waitingPage(nonce: string, refreshSeconds: number): string {
  return page(
    nonce,
    `<noscript><meta http-equiv="refresh" content="${refreshSeconds}"></noscript><script nonce="${nonce}">setTimeout(() => location.reload(), ${refreshSeconds * 1_000});</script>`,
    `${SIGN.replace('SPIN', 'class="turning"')}<h1>Making the dashboard ready</h1><p role="status">It is built once, at the first start, and takes less than a minute. This page goes on by itself.</p>${MEANWHILE}`,
  );
}

export function failedPage(nonce: string, { reason, advice }: { reason: string; advice: string }): string {
  return page(
    nonce,
    '',
    `${SIGN.replace('SPIN', '')}<h1>There is no dashboard</h1><p class="reason">${escaped(reason)}</p><p>${escaped(advice)}</p>${MEANWHILE}`,
  );
}

function page(nonce: string, head: string, main: string): string {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex"><link rel="icon" href="data:,">${head}<title>Nave</title><style nonce="${nonce}">${STYLE}</style></head><body><main>${main}</main></body></html>
`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
