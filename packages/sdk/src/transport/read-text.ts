/** Reads a body to its end, but not for ever. */
import { chunksOf } from './chunks-of.ts';

/** @returns null when the body is larger than `bytesMax`; the rest is then not read */
export async function readText(body: ReadableStream<Uint8Array> | null, bytesMax: number): Promise<string | null> {
  if (body === null) return '';
  const decoder = new TextDecoder();
  let bytes = 0;
  let text = '';
  for await (const chunk of chunksOf(body)) {
    bytes += chunk.byteLength;
    if (bytes > bytesMax) return null;
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}
