/** What browsers may do with the dashboard: run its own files, talk to its own hub, and nothing else. */

/** For every answer that is a page. */
export const PAGE_HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  // The page names the files of one build, and holds a nonce that is good once.
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy':
    'accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), hid=(), idle-detection=(), magnetometer=(), microphone=(), midi=(), payment=(), publickey-credentials-get=(), screen-wake-lock=(), serial=(), usb=(), xr-spatial-tracking=()',
} as const;

/** For files: what is opened by itself runs nothing; pictures may carry their own style. */
export const FILE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; connect-src 'self'; base-uri 'none'; frame-ancestors 'none'";

/** Of the pages that stand in for the dashboard: what carries the nonce, and nothing else. */
export function noticePolicy(nonce: string): string {
  const own = `'nonce-${nonce}'`;
  return `default-src 'none'; script-src ${own}; style-src ${own}; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;
}

/** Content-Security-Policy (W3C, Level 3) of a page; `nonce` lets it make style elements, never scripts. */
export function pagePolicy(nonce: string): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    "worker-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ');
}
