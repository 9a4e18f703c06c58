/** Reads the URL of a request strictly: anything a URL parser would quietly turn into another address is refused. */
import { isIP, isIPv4 } from 'node:net';

export type HttpTarget = { ok: true; origin: string; hostname: string; port: number; path: string } | { ok: false; reason: string };

// Whitespace, control characters and backslashes would be dropped or rewritten by the WHATWG parser.
const FORM = /^(https?):\/\/([^/?#\\\s]+)([/?][^#\\\s]*)?(?:#[^\s]*)?$/i;

/**
 * Splits an absolute http or https URL. Refused: other schemes, user names in the URL, IPv4 addresses in any form but dotted decimal
 * (`http://2130706433`, `http://0x7f.1`, `http://127.1`), names with a trailing dot, ports out of range.
 */
export function parseHttpTarget(url: string): HttpTarget {
  const match = FORM.exec(url);
  if (!match) return { ok: false, reason: 'the URL is not an absolute http or https URL' };
  const authority = match[2] ?? '';
  if (authority.includes('@')) return { ok: false, reason: 'a user name in the URL is refused' };
  const parsed = URL.parse(url);
  if (!parsed) return { ok: false, reason: 'the URL is not valid' };
  const hostname = parsed.hostname.startsWith('[') ? parsed.hostname.slice(1, -1) : parsed.hostname;
  const written = authority.replace(/:\d*$/, '').toLowerCase();
  if (isIPv4(hostname) && written !== hostname) return { ok: false, reason: 'an IP address must be written in dotted decimal form' };
  if (hostname === '' || (hostname.endsWith('.') && isIP(hostname) === 0))
    return { ok: false, reason: 'the host name of the URL is not valid' };
  const port = parsed.port === '' ? (parsed.protocol === 'https:' ? 443 : 80) : Number(parsed.port);
  if (port === 0) return { ok: false, reason: 'port 0 cannot be reached' };
  return { ok: true, origin: parsed.origin, hostname, port, path: parsed.pathname + parsed.search };
}
