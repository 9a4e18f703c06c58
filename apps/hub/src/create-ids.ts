/** UUIDv7 ids: random bytes are drawn for many ids at once. */
import { randomBytes } from 'node:crypto';
import { type Ids, uuidV7 } from '@nave/core';

export function createIds(): Ids {
  let pool = Buffer.alloc(0);
  let at = 0;
  return {
    next(atMs) {
      if (at + 10 > pool.length) {
        pool = randomBytes(2_560);
        at = 0;
      }
      at += 10;
      return uuidV7(atMs, pool.subarray(at - 10, at));
    },
    random: () => Math.random(),
  };
}
