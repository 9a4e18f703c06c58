/** Windows-1250 both ways: the encoding of Pohoda's documents. */
import type { Unmappable } from './transliterate.ts';
import { type Fitted, fitText } from './transliterate.ts';

export interface Cp1250 {
  /** Whether the encoding has this character. */
  has(character: string): boolean;
  /** The text as it can be written, or why it cannot. */
  fit(text: string, unmappable: Unmappable): Fitted;
  /** Null when a character would be lost: nothing becomes a question mark. */
  encode(text: string): Buffer | null;
  /** Bytes without a character become U+FFFD. */
  decode(bytes: Uint8Array): string;
}

const NAME = 'windows-1250';

/** Loads the encoding; only a spoke that is opened needs it. */
export async function createCp1250(): Promise<Cp1250> {
  const { default: iconv } = await import('iconv-lite');
  const decode = (bytes: Uint8Array): string => iconv.decode(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), NAME);
  const characters: ReadonlySet<string> = new Set([...decode(Uint8Array.from({ length: 256 }, (_each, index) => index))]);
  // C1 controls and the replacement character stand for bytes that have no character.
  const has = (character: string): boolean => characters.has(character) && !/[\u0080-\u009f\ufffd]/.test(character);
  return {
    has,
    fit: (text, unmappable) => fitText(text, has, unmappable),
    encode(text) {
      for (const character of text) if (!has(character)) return null;
      return iconv.encode(text, NAME);
    },
    decode,
  };
}
