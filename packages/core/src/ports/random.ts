/** Chance and identity as dependencies, so that tests own them. */
export interface Ids {
  /** A new UUIDv7 for this moment (milliseconds since the epoch). */
  next(atMs: number): string;
  /** A number in [0, 1). */
  random(): number;
}
