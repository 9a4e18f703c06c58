/** The bell: tells workers that deliveries are due. Losing every ring loses nothing, the sweep rings again. */
export interface Bell {
  /** Rings for deliveries; coalesced into tickets. Never throws and never waits for the queue: a failing queue is reported through `healthy`. */
  ring(entries: readonly BellEntry[]): void;
  /** False while the queue cannot be reached; workers then claim due rows directly. */
  healthy(): boolean;
  close(): Promise<void>;
}

export interface BellEntry {
  spoke: string;
  deliveryId: string;
}

/** The receiving end, one per worker. */
export interface BellListener {
  /** `onTicket` must return at once: it only puts ids into bounded buffers. */
  start(onTicket: (entries: readonly BellEntry[]) => void): Promise<void>;
  healthy(): boolean;
  /** Milliseconds since the epoch of the last ticket handled, for liveness by progress. */
  lastTicketAt(): number | null;
  close(): Promise<void>;
}
