/** Sealing at rest: AES-256-GCM under a data key per (scope, day), the data keys wrapped by the hub's secret key. */
export interface Sealer {
  /**
   * The key for values of this scope and day, created on first use. Cached: only the first call of a day touches the store.
   * @param scope `spoke:<name>` for what belongs to a source spoke's messages, `secrets` for credentials
   * @param atMs milliseconds since the epoch; for messages and all that derives from them: the time in the message's id
   */
  keyFor(scope: string, atMs: number): Promise<SealKey>;
  /**
   * Opens a sealed value whatever key it was sealed under.
   * @throws HubError `seal.destroyed` when the key was destroyed or is unknown, `seal.key` when the value or its context was altered
   */
  open(sealed: Uint8Array, context: string): Promise<Uint8Array>;
}

export interface SealKey {
  /** Seals, compressing above 2 KB when that helps. `context` (e.g. `message:<id>`) is authenticated and must be given again to open. */
  seal(plain: Uint8Array, context: string): Uint8Array;
}
