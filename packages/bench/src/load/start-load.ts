/** The load generator as the benchmarks use it. */
import { ask, start } from '../processes.ts';
import type { LoadOrder } from './main.ts';
import type { LoadResult } from './tally.ts';

export interface Target {
  host: string;
  port: number;
}

interface Common {
  path?: string;
  types?: readonly string[];
  bytes?: number;
  connections?: number;
}

export interface Load {
  /** As fast as the answers come, for a time or up to a number of messages. */
  closed(options: Common & { durationMs?: number; count?: number }): Promise<LoadResult>;
  /** So many a second, whatever the answers do. */
  open(options: Common & { stages: readonly { perSecond: number; durationMs: number }[] }): Promise<LoadResult>;
  stop(): void;
}

const CONNECTIONS = 64;
const OPEN_CONNECTIONS = 256;
const KB = 1_024;

export async function startLoad(target: Target): Promise<Load> {
  const { child } = await start('./load/main.ts');
  const { host, port } = target;
  const order = async (message: LoadOrder): Promise<LoadResult> => {
    const answer = await ask(child, message);
    if (!isLoadResult(answer)) throw new Error('the load generator answered with something else');
    return answer;
  };
  const common = { host, port, path: '/hooks/shop', types: ['order.created'], bytes: KB };
  return {
    closed: ({ durationMs = 600_000, count = Number.MAX_SAFE_INTEGER, ...options }) =>
      order({ mode: 'closed', ...common, connections: CONNECTIONS, ...options, durationMs, count }),
    open: (options) => order({ mode: 'open', ...common, connections: OPEN_CONNECTIONS, ...options }),
    stop: () => void child.kill(),
  };
}

function isLoadResult(value: unknown): value is LoadResult {
  return typeof value === 'object' && value !== null && 'acknowledged' in value && 'ack' in value && 'statuses' in value;
}
