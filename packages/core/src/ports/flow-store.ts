/** What keeps deliveries back, shared by all workers. Rows of spokes in their ordinary state do not exist. */
import type { FlowEvent, SpokeFlow } from '../flow/spoke-flow.ts';

export interface FlowReading {
  /** Milliseconds since the epoch by the clock of the database, which all times of a flow are of. */
  nowMs: number;
  flows: ReadonlyMap<string, SpokeFlow>;
  /** Spokes that are paused or disabled. */
  shut: ReadonlySet<string>;
}

export interface FlowChange {
  spoke: string;
  before: SpokeFlow;
  after: SpokeFlow;
}

export interface FlowStore {
  read(): Promise<FlowReading>;
  /** Applies events under row locks, those of one spoke in order. Answers every spoke named, changed or not. */
  change(events: readonly (readonly [spoke: string, event: FlowEvent])[]): Promise<{ nowMs: number; changes: FlowChange[] }>;
  /** Forgets flows that say nothing any more. */
  tidy(): Promise<void>;
  /** Open spokes with something kept back that nobody lets go. */
  undrained(): Promise<string[]>;
  /** Lets go up to `limit`, oldest first, fewer while many wait to be sent. `left`: whether more may be kept back. */
  release(spoke: string, limit: number): Promise<{ ids: string[]; left: boolean }>;
  /** Marks what still waits for its release, a bounded number at a time. Answers how many. */
  relabel(spoke: string, limit: number): Promise<number>;
  /** What could be sent as a probe, oldest first. */
  probeCandidates(spoke: string, limit: number): Promise<{ id: string; operation: string }[]>;
  /** Makes a candidate due; false when it is not waiting any more. */
  makeDue(id: string): Promise<boolean>;
}
