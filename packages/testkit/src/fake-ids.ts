/** Identity and chance that a test can foretell: ids rise within a millisecond, every draw is the same number. */
import { type Ids, uuidV7 } from '@nave/core';

/** @param random what every draw answers, in [0, 1) */
export function fakeIds(random = 0.5): Ids {
  let count = 0;
  return {
    next(atMs) {
      count += 1;
      const entropy = Buffer.alloc(10);
      // Version and variant take bits of the first three bytes; the last four are left alone.
      entropy.writeUInt32BE(count, 6);
      return uuidV7(atMs, entropy);
    },
    random: () => random,
  };
}
