/** The chunks of a stream. Not every browser can iterate a stream itself (WHATWG Streams, section 4.2.5). */

/** Leaving the loop early cancels the stream. */
export async function* chunksOf(body: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array, void> {
  const reader = body.getReader();
  let over = false;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      over = done;
      if (done) return;
      yield value;
    }
  } catch (error) {
    over = true;
    throw error;
  } finally {
    if (!over) await reader.cancel().catch(() => undefined);
    reader.releaseLock();
  }
}
