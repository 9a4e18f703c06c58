/** Slot leases: how many deliveries of a spoke each worker process may have under way, so that all together stay within its concurrency. */
import type pg from 'pg';
import { int4Array, textArray } from '../hot/binary-array.ts';

export interface SlotRequest {
  spoke: string;
  /** Deliveries under way at once over all processes. */
  limit: number;
  /** What this process could use. */
  want: number;
  /** What it has under way or may start at any moment: never taken away. */
  keep: number;
}

export interface SlotGrant {
  spoke: string;
  /** Leased to this process. */
  slots: number;
  /** What it should come down to, when others wait for theirs; else the same as `slots`. */
  target: number;
  /** Others want more than they have. */
  contended: boolean;
}

export interface SlotAnswer {
  grants: SlotGrant[];
  /** Other processes that are there at the moment. */
  peers: number;
}

export interface SlotStore {
  /**
   * Asks for slots, renews and gives back, for many spokes in one statement. Without a request it only tells that the owner is there.
   * @throws the driver's error when the database cannot be reached or another process holds the same spoke for more than 2 s; nothing changed then
   */
  take(owner: string, leaseMs: number, requests: readonly SlotRequest[]): Promise<SlotAnswer>;
}

const TAKE_SQL = 'SELECT spoke, slots, target, contended, peers FROM nave_take_slots($1, $2, $3, $4, $5, $6)';

interface SlotRow {
  spoke: string | null;
  slots: number;
  target: number;
  contended: boolean;
  peers: number;
}

export function createSlotStore(pool: Pick<pg.Pool, 'query'>): SlotStore {
  return {
    async take(owner, leaseMs, requests) {
      const { rows } = await pool.query<SlotRow>({
        name: 'take-slots',
        text: TAKE_SQL,
        values: [
          owner,
          leaseMs,
          textArray(requests.map(({ spoke }) => spoke)),
          int4Array(requests.map(({ limit }) => limit)),
          int4Array(requests.map(({ want }) => want)),
          int4Array(requests.map(({ keep }) => keep)),
        ],
      });
      const grants = rows.flatMap(({ spoke, slots, target, contended }) => (spoke === null ? [] : [{ spoke, slots, target, contended }]));
      return { grants, peers: rows[0]?.peers ?? 0 };
    },
  };
}
