/** The cookies of one session (RFC 6265), as far as a client that only ever calls one system needs them. */

interface Cookie {
  name: string;
  value: string;
  domain: string;
  /** True: without a Domain attribute, sent to this very host only. */
  hostOnly: boolean;
  path: string;
  secure: boolean;
  /** Milliseconds since the epoch; null: as long as the session. */
  expiresAtMs: number | null;
}

export interface CookieJar {
  /** Takes what an answer of this URL set. */
  store(url: string, setCookies: readonly string[], nowMs: number): void;
  /** The value of `Cookie` for a request; null when there is none to send. */
  headerFor(url: string, nowMs: number): string | null;
  names(): readonly string[];
  /** As text, to be opened again by `createCookieJar`. */
  serialise(): string;
}

const COOKIES_MAX = 50;
const COOKIE_BYTES_MAX = 4_096;
const NAME = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
// Anything visible but separators: what servers really send goes beyond the grammar.
const VALUE = /^[\x20-\x3a\x3c-\x7e]*$/;

/** @param serialised what `serialise` gave; anything else is an empty jar */
export function createCookieJar(serialised?: string): CookieJar {
  const cookies = new Map<string, Cookie>();
  for (const cookie of parseSerialised(serialised)) cookies.set(keyOf(cookie), cookie);
  return {
    store(url, setCookies, nowMs) {
      const target = URL.parse(url);
      if (target === null) return;
      for (const text of setCookies) {
        const cookie = parseSetCookie(text, target, nowMs);
        if (cookie === null) continue;
        const key = keyOf(cookie);
        cookies.delete(key);
        if (cookie.expiresAtMs === null || cookie.expiresAtMs > nowMs) cookies.set(key, cookie);
        const [oldest] = cookies.keys();
        if (cookies.size > COOKIES_MAX && oldest !== undefined) cookies.delete(oldest);
      }
    },
    headerFor(url, nowMs) {
      const target = URL.parse(url);
      if (target === null) return null;
      const sent = [...cookies.values()]
        .filter((cookie) => isFor(cookie, target) && (cookie.expiresAtMs === null || cookie.expiresAtMs > nowMs))
        // Section 5.4: longer paths first.
        .sort((a, b) => b.path.length - a.path.length);
      return sent.length === 0 ? null : sent.map(({ name, value }) => `${name}=${value}`).join('; ');
    },
    names: () => [...cookies.values()].map(({ name }) => name),
    serialise: () => JSON.stringify([...cookies.values()]),
  };
}

function keyOf({ domain, path, name }: Cookie): string {
  return `${domain} ${path} ${name}`;
}

/** Section 5.2 and 5.3; null for a cookie that is not taken. */
function parseSetCookie(text: string, url: URL, nowMs: number): Cookie | null {
  if (text.length > COOKIE_BYTES_MAX) return null;
  const [pair = '', ...attributes] = text.split(';').map((part) => part.trim());
  const at = pair.indexOf('=');
  const [name, value] = [pair.slice(0, at).trim(), pair.slice(at + 1).trim()];
  if (at <= 0 || !NAME.test(name) || !VALUE.test(value)) return null;
  const cookie: Cookie = { name, value, domain: url.hostname, hostOnly: true, path: defaultPath(url), secure: false, expiresAtMs: null };
  let maxAge: number | null = null;
  for (const attribute of attributes) {
    const [key = '', ...rest] = attribute.split('=');
    const given = rest.join('=').trim();
    switch (key.trim().toLowerCase()) {
      case 'domain': {
        const domain = given.replace(/^\./, '').toLowerCase();
        if (domain === '') break;
        // A name without a dot would reach every host of a top-level domain.
        if (domain !== url.hostname && !(domain.includes('.') && url.hostname.endsWith(`.${domain}`))) return null;
        cookie.domain = domain;
        cookie.hostOnly = false;
        break;
      }
      case 'path':
        if (given.startsWith('/')) cookie.path = given;
        break;
      case 'secure':
        cookie.secure = true;
        break;
      case 'max-age':
        if (/^-?\d{1,15}$/.test(given)) maxAge = Number(given);
        break;
      case 'expires': {
        const expires = Date.parse(given);
        if (!Number.isNaN(expires)) cookie.expiresAtMs = expires;
        break;
      }
      default:
    }
  }
  if (maxAge !== null) cookie.expiresAtMs = maxAge <= 0 ? 0 : nowMs + maxAge * 1_000;
  return cookie;
}

function defaultPath({ pathname }: URL): string {
  const end = pathname.lastIndexOf('/');
  return end <= 0 ? '/' : pathname.slice(0, end);
}

function isFor({ domain, hostOnly, path, secure }: Cookie, { hostname, pathname, protocol }: URL): boolean {
  const host = hostname === domain || (!hostOnly && hostname.endsWith(`.${domain}`));
  const below = pathname === path || (pathname.startsWith(path) && (path.endsWith('/') || pathname[path.length] === '/'));
  return host && below && (!secure || protocol === 'https:');
}

function parseSerialised(text: string | undefined): Cookie[] {
  try {
    const parsed: unknown = JSON.parse(text ?? '[]');
    return Array.isArray(parsed) ? parsed.filter(isCookie).slice(0, COOKIES_MAX) : [];
  } catch {
    return [];
  }
}

function isCookie(value: unknown): value is Cookie {
  if (typeof value !== 'object' || value === null) return false;
  const typeOf = (field: keyof Cookie): string => typeof Reflect.get(value, field);
  const expires: unknown = Reflect.get(value, 'expiresAtMs');
  const texts = (['name', 'value', 'domain', 'path'] as const).every((field) => typeOf(field) === 'string');
  return texts && typeOf('hostOnly') === 'boolean' && typeOf('secure') === 'boolean' && (expires === null || typeof expires === 'number');
}
