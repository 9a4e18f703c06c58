/** Writes text with the characters an encoding has: nothing is lost silently, every change is told and what has no counterpart is refused. */

/** What happens to a character the encoding does not have. */
export type Unmappable = 'transliterate' | 'refuse';

export type Fitted =
  | {
      ok: true;
      text: string;
      /** What was written differently, such as `ж → ž`; each once. */
      changes: readonly string[];
    }
  | { ok: false; reason: string };

/** Cyrillic as Czech writes it, Greek, letters without a decomposition, and signs; upper case of letters is derived. */
const LETTERS =
  'а:a б:b в:v г:g д:d е:e ё:jo ж:ž з:z и:i й:j к:k л:l м:m н:n о:o п:p р:r с:s т:t у:u ф:f х:ch ц:c ч:č ш:š щ:šč ъ: ы:y ь: э:e ю:ju я:ja ' +
  'і:i ї:ji є:je ґ:g ў:u ј:j љ:lj њ:nj ћ:ć ђ:đ џ:dž ѓ:gj ќ:kj ә:ä ғ:g қ:k ң:n ө:ö ұ:u ү:ü һ:h ' +
  'α:a β:v γ:g δ:d ε:e ζ:z η:i θ:th ι:i κ:k λ:l μ:m ν:n ξ:x ο:o π:p ρ:r σ:s ς:s τ:t υ:y φ:f χ:ch ψ:ps ω:o ' +
  'æ:ae œ:oe ø:o å:a ð:d þ:th ħ:h ı:i ĸ:k ŋ:n ŧ:t ƒ:f ə:e ß:ss';
const SIGNS: readonly (readonly [string, string])[] = [
  ['\u2044', '/'],
  ['\u2212', '-'],
  ['\u2010', '-'],
  ['\u2011', '-'],
  ['\u2012', '–'],
  ['\u2015', '—'],
  ['\u2032', "'"],
  ['\u2033', '"'],
  ['\u02bc', "'"],
  ['\u2192', '->'],
  ['\u2190', '<-'],
  ['\u2264', '<='],
  ['\u2265', '>='],
  ['\u2260', '!='],
  ['\u2248', '~'],
  ['\u221e', 'inf.'],
  ['\u2022', '*'],
  ['\u25cf', '*'],
  ['\u2713', 'x'],
  ['\u00a1', '!'],
  ['\u00bf', '?'],
  ['\u00a2', 'c'],
  ['\u00a3', 'GBP'],
  ['\u00a5', 'JPY'],
  ['\u20bd', 'RUB'],
  ['\u20b4', 'UAH'],
  ['\u20b8', 'KZT'],
  ['\u20bf', 'BTC'],
  ['\u2300', 'prum. '],
  ['\u00bc', '1/4'],
  ['\u00bd', '1/2'],
  ['\u00be', '3/4'],
  // Marks that show nothing: joiners, direction marks, byte order marks, variation selectors.
  ...['\u200b', '\u200c', '\u200d', '\u200e', '\u200f', '\u2060', '\ufeff', '\ufe0e', '\ufe0f'].map((mark) => [mark, ''] as const),
  ...['\u2002', '\u2003', '\u2004', '\u2005', '\u2006', '\u2007', '\u2008', '\u2009', '\u200a', '\u202f', '\u205f', '\u3000'].map(
    (space) => [space, ' '] as const,
  ),
  ['\u2028', '\n'],
  ['\u2029', '\n'],
];

const TABLE: ReadonlyMap<string, string> = new Map([
  ...LETTERS.split(' ').flatMap((pair) => {
    const [from = '', to = ''] = pair.split(':');
    const upper = from.toUpperCase();
    const capital = `${to.slice(0, 1).toUpperCase()}${to.slice(1)}`;
    return upper === from || upper.length !== from.length ? [[from, to] as const] : [[from, to] as const, [upper, capital] as const];
  }),
  ...SIGNS,
]);
const CHANGES_MAX = 20;

/**
 * The text with characters of the encoding only. Canonically equal forms (`c` + U+030C and `č`) are the same text and no change.
 * @param has whether the encoding has a character
 */
export function fitText(text: string, has: (character: string) => boolean, unmappable: Unmappable): Fitted {
  if (!text.isWellFormed()) return { ok: false, reason: 'a text has half of a character pair (a lone surrogate)' };
  const changes = new Set<string>();
  let fitted = '';
  for (const character of text.normalize('NFC')) {
    if (has(character)) {
      fitted += character;
      continue;
    }
    const written = unmappable === 'refuse' ? null : counterpart(character, has);
    if (written === null) return { ok: false, reason: `the character ${named(character)} cannot be written in Windows-1250` };
    if (changes.size < CHANGES_MAX) changes.add(written === '' ? `${named(character)} left out` : `${named(character)} → ${written}`);
    fitted += written;
  }
  return { ok: true, text: fitted, changes: [...changes] };
}

/** From the table; else what is left of it without its accents or its typographic form. */
function counterpart(character: string, has: (character: string) => boolean): string | null {
  const known = TABLE.get(character);
  if (known !== undefined) return [...known].every(has) ? known : null;
  const decomposed = character.normalize('NFKD').replace(/\p{M}/gu, '');
  if (decomposed === '' || decomposed === character) return null;
  let written = '';
  for (const part of decomposed) {
    const each = has(part) ? part : TABLE.get(part);
    if (each === undefined || ![...each].every(has)) return null;
    written += each;
  }
  return written;
}

function named(character: string): string {
  const code = `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
  return /^[\p{L}\p{N}\p{P}\p{S}]$/u.test(character) ? `${character} (${code})` : code;
}
