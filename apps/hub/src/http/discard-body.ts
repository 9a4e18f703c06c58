/** Throws away what a refused request still sends, so that its sender hears the refusal instead of a reset connection. */
import type { Readable } from 'node:stream';

/** More than this is not taken from anybody: the connection is closed on them. */
const BYTES_MAX = 32 * 1024 * 1024;
const TIME_MAX_MS = 5_000;

/**
 * Most senders read the answer only when they have written everything, and lose it when the connection is closed on unread bytes (RFC 9112 section 9.6).
 * @returns true when everything was read and the connection can go on; false when it has to be closed
 */
export function discardBody(body: Readable): Promise<boolean> {
  if (body.readableEnded) return Promise.resolve(true);
  if (body.destroyed) return Promise.resolve(false);
  return new Promise((done) => {
    let bytes = 0;
    const finish = (whole: boolean) => {
      clearTimeout(timer);
      body.off('data', count).off('end', ended).off('close', broken).off('error', broken);
      done(whole);
    };
    const count = (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > BYTES_MAX) finish(false);
    };
    const ended = () => finish(true);
    const broken = () => finish(false);
    const timer = setTimeout(broken, TIME_MAX_MS);
    body.on('data', count).on('end', ended).on('close', broken).on('error', broken);
    body.resume();
  });
}
