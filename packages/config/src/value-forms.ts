/** The forms that values of variables take. Each parser gives the value, or null when the text has another form. */
import { isIP } from 'node:net';

export function wholeNumber(min: number, max: number): (text: string) => number | null {
  return (text) => {
    const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
    return value >= min && value <= max ? value : null;
  };
}

const UNIT_MS = new Map([
  ['ms', 1],
  ['s', 1_000],
  ['m', 60_000],
  ['h', 3_600_000],
  ['d', 86_400_000],
]);

/** A duration such as 20s; gives milliseconds. */
export function duration(minMs: number, maxMs: number): (text: string) => number | null {
  return (text) => {
    const [, count = '', unit = ''] = /^(\d{1,9})(ms|s|m|h|d)$/.exec(text) ?? [];
    const ms = Number(count) * (UNIT_MS.get(unit) ?? Number.NaN);
    return ms >= minMs && ms <= maxMs ? ms : null;
  };
}

export function oneOf<T extends string>(values: readonly T[]): (text: string) => T | null {
  return (text) => values.find((value) => value === text) ?? null;
}

/** Parts between commas; null when one is empty or not of the form. */
export function listOf<T>(parse: (text: string) => T | null): (text: string) => readonly T[] | null {
  return (text) => {
    const items = text.split(',').map((part) => parse(part.trim()));
    const good = items.filter((item) => item !== null);
    return good.length === items.length ? good : null;
  };
}

export function path(text: string): string | null {
  return text.includes('\0') ? null : text;
}

/** An address or name without a port. */
export function host(text: string): string | null {
  return isIP(text) !== 0 || isHostName(text) ? text : null;
}

/** An http or https URL without credentials, query and fragment; a trailing slash is dropped. */
export function baseUrl(text: string): string | null {
  const url = urlWith(text, ['http:', 'https:']);
  if (url?.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') return null;
  return url.href.replace(/\/+$/, '');
}

/** What browsers send as `Origin`: scheme, host and port only. */
export function origin(text: string): string | null {
  const url = urlWith(text, ['http:', 'https:']);
  return url && (text === url.origin || text === `${url.origin}/`) ? url.origin : null;
}

/** An address or a CIDR range. */
export function cidr(text: string): string | null {
  const [address = '', prefix, ...rest] = text.split('/');
  const version = isIP(address);
  if (version === 0 || rest.length > 0) return null;
  if (prefix === undefined) return text;
  return /^\d{1,3}$/.test(prefix) && Number(prefix) <= (version === 4 ? 32 : 128) ? text : null;
}

/** `*`, a CIDR range, an address, a host or `host:port` (IPv6 with a port in brackets). */
export function egressEntry(text: string): string | null {
  if (text === '*' || cidr(text) !== null || host(text) !== null) return text;
  const match = /^(?:\[([^\]]+)\]|([^:]+)):(\d{1,5})$/.exec(text);
  if (!match || Number(match[3]) < 1 || Number(match[3]) > 65_535) return null;
  const named = match[1] === undefined ? host(match[2] ?? '') !== null : isIP(match[1]) === 6;
  return named ? text : null;
}

export function urlOf(schemes: readonly string[]): (text: string) => string | null {
  return (text) => (urlWith(text, schemes) ? text : null);
}

/** Base64 of exactly 32 bytes. */
export function base64Of32Bytes(text: string): string | null {
  return /^[A-Za-z0-9+/]{43}=$/.test(text) && Buffer.from(text, 'base64').length === 32 ? text : null;
}

export function visibleAscii(min: number, max: number): (text: string) => string | null {
  const form = new RegExp(`^[\\x21-\\x7e]{${min},${max}}$`);
  return (text) => (form.test(text) ? text : null);
}

/** True for addresses that only this machine reaches. */
export function isLoopback(address: string): boolean {
  return address === 'localhost' || address === '::1' || (isIP(address) === 4 && address.startsWith('127.'));
}

function isHostName(text: string): boolean {
  return text.length <= 253 && /^(?!-)[A-Za-z0-9_-]{1,63}(?:\.(?!-)[A-Za-z0-9_-]{1,63})*$/.test(text) && !/^[\d.]+$/.test(text);
}

function urlWith(text: string, schemes: readonly string[]): URL | null {
  const url = URL.canParse(text) ? new URL(text) : null;
  return url && schemes.includes(url.protocol) && url.host !== '' ? url : null;
}
