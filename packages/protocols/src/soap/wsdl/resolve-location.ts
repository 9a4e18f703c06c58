/** Where an import or include points: strictly below what it was written in, or an absolute http(s) URL; nothing that could climb or leave the web. */

export type Location = { ok: true; location: string } | { ok: false; reason: string };

const SCHEME = /^[A-Za-z][A-Za-z0-9+.-]*:/;
const SHOWN_MAX = 200;

/**
 * Resolves a `location` or `schemaLocation`.
 * @param base the URL of the document it stands in, or the name of an uploaded one
 * Refused: every scheme but http and https, `..` in any spelling, backslashes, `//host`, control characters; from an uploaded document
 * also absolute paths.
 */
export function resolveLocation(base: string, written: string): Location {
  const text = written.trim();
  const refuse = (reason: string): Location => ({ ok: false, reason: `${reason}: ${shown(text)}` });
  if (text === '' || text.length > 2_000) return { ok: false, reason: 'an import without a usable location' };
  if (/[\\\s]|\p{Cc}/u.test(text)) return refuse('an import whose location has backslashes or blanks');
  if (climbs(text)) return refuse('an import that climbs with ".."');
  if (SCHEME.test(text))
    return /^https?:\/\//i.test(text) ? { ok: true, location: text } : refuse('an import of a scheme other than http and https');
  if (text.startsWith('//')) return refuse('an import of another host without a scheme');
  if (/^https?:\/\//i.test(base)) {
    const url = URL.parse(text, base);
    return url ? { ok: true, location: url.href } : refuse('an import whose location is not a URL');
  }
  if (text.startsWith('/') || text.startsWith('?')) return refuse('an import that is not below its document');
  const folder = base.includes('/') ? base.slice(0, base.lastIndexOf('/') + 1) : '';
  const plain = `${folder}${text.replace(/#.*$/, '')}`.split('/').filter((segment) => segment !== '.');
  return { ok: true, location: plain.join('/') };
}

/** True for a segment that is `..` after decoding, however often it was encoded. */
function climbs(text: string): boolean {
  let decoded = text;
  for (let round = 0; round < 5; round++) {
    const next = decoded.replace(/%2e/gi, '.').replace(/%2f/gi, '/').replace(/%5c/gi, '\\').replace(/%25/g, '%');
    if (next === decoded) break;
    decoded = next;
  }
  return decoded.split(/[/\\?#&=]/).includes('..');
}

function shown(text: string): string {
  return text.replace(/\p{Cc}/gu, '').slice(0, SHOWN_MAX);
}
