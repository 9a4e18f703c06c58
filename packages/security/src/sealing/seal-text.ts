/** Sealing of texts, such as credentials as JSON. */
import type { Sealer, SealKey } from '@nave/core';

/** Seals a text as UTF-8. */
export function sealText(key: SealKey, text: string, context: string): Uint8Array {
  return key.seal(Buffer.from(text), context);
}

/**
 * Opens what `sealText` made.
 * @throws HubError `seal.key` as `Sealer.open` does
 */
export async function openText(sealer: Sealer, sealed: Uint8Array, context: string): Promise<string> {
  return Buffer.from(await sealer.open(sealed, context)).toString('utf8');
}
