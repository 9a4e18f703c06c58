/** Rates shared by all processes: tokens are taken from a common counter before something may start. */
export interface TokenSource {
  /**
   * Takes up to `wanted` tokens of a key. Answers within a bounded time and never throws: without Redis it counts in PostgreSQL, without both in this
   * process alone; it is never unlimited and never stops for good.
   * @param key what the rate belongs to, with a prefix of its user (`spoke:erp`, `ingress:erp`); at most 200 characters
   * @param wanted a positive integer
   */
  take(key: string, wanted: number, rate: TokenRate): Promise<TokenGrant>;
  close(): Promise<void>;
}

export interface TokenRate {
  /** A positive integer. */
  limit: number;
  perMs: number;
  /**
   * True: the limit is cut into about twenty parts of the period, so that any sliding period holds at most some 1.1 times the limit (outgoing calls).
   * False: one window per period, opened by the first token; a caller may use it at once (incoming calls).
   */
  smooth: boolean;
}

export interface TokenGrant {
  /** 0 to `wanted`. */
  granted: number;
  /** Milliseconds until asking again makes sense; 0 when all was granted. */
  retryAfterMs: number;
  /** Left in the present window. */
  remaining: number;
  /** Milliseconds until the present window ends. */
  resetMs: number;
}
