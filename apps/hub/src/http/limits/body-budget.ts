/** Bounds the memory that bodies of all requests under way take together. */

export interface BodyBudget {
  /** Opens the account of one request. */
  open(): BodyAccount;
  /** Bytes held now. */
  bytes(): number;
  /** Used share, 0 to 1. */
  share(): number;
}

export interface BodyAccount {
  /** @returns false when `bytes` more would not fit; nothing is taken then */
  fits(bytes: number): boolean;
  /** Counts bytes that were read. @returns false when they are beyond the budget: the request must let go of its body */
  take(bytes: number): boolean;
  /** Gives everything back; once. */
  close(): void;
}

/**
 * What is counted is what has arrived, not what was announced: announcing costs a sender nothing. One request always fits, whatever its size.
 * @param bytesMax of all bodies together
 */
export function createBodyBudget(bytesMax: number): BodyBudget {
  let held = 0;
  return {
    open() {
      let own = 0;
      const fits = (bytes: number) => held === own || held + bytes <= bytesMax;
      return {
        fits,
        take(bytes) {
          const room = fits(bytes);
          own += bytes;
          held += bytes;
          return room;
        },
        close() {
          held -= own;
          own = 0;
        },
      };
    },
    bytes: () => held,
    share: () => held / bytesMax,
  };
}
