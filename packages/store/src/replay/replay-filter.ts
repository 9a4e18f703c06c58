/** What a replay covers, as stored with it: a replay started again after a crash must cover the same. */
import { MESSAGE_STATES, type MessageState } from '@nave/core';
import type { Prisma } from '../generated/client.ts';
import type { MessageFilter } from '../query/message-search.ts';

/** `replay`: new deliveries for messages. Of dead deliveries: `retry` lets them go on with the same ids, `skip` and `cancel` give them up. */
export const REPLAY_MODES = ['replay', 'retry', 'skip', 'cancel'] as const;
export type ReplayMode = (typeof REPLAY_MODES)[number];

export interface ReplayFilter {
  /** Spoke of the messages, or the target spoke of dead deliveries. */
  spokes: readonly string[];
  types: readonly string[];
  states: readonly MessageState[];
  routes: readonly string[];
  /** Of messages, or of deliveries. */
  ids: readonly string[] | null;
  /** Only the deliveries of this group. */
  issue: string | null;
  fromMs: number | null;
  toMs: number | null;
}

export function filterToJson(filter: ReplayFilter): Prisma.InputJsonObject {
  return {
    ...filter,
    spokes: [...filter.spokes],
    types: [...filter.types],
    states: [...filter.states],
    routes: [...filter.routes],
    ids: filter.ids && [...filter.ids],
  };
}

/** @throws TypeError when a stored filter cannot be read; guessing would replay something else */
export function filterFromJson(json: unknown): ReplayFilter {
  if (typeof json !== 'object' || json === null) throw new TypeError('a replay has no filter');
  const states = texts(json, 'states');
  return {
    spokes: texts(json, 'spokes'),
    types: texts(json, 'types'),
    states: MESSAGE_STATES.filter((state) => states.includes(state)),
    routes: texts(json, 'routes'),
    ids: Reflect.get(json, 'ids') === null ? null : texts(json, 'ids'),
    issue: issueOf(json),
    fromMs: moment(json, 'fromMs'),
    toMs: moment(json, 'toMs'),
  };
}

/** The messages a replay covers: only those accepted before it was made. */
export function messageFilterOf(filter: ReplayFilter, createdAtMs: number): MessageFilter {
  return { ...filter, toMs: Math.min(filter.toMs ?? createdAtMs, createdAtMs) };
}

function texts(json: object, name: string): string[] {
  const value: unknown = Reflect.get(json, name);
  if (!Array.isArray(value) || !value.every((item) => typeof item === 'string')) throw new TypeError(`a replay's filter has no ${name}`);
  return value;
}

/** Replays of earlier versions have none. */
function issueOf(json: object): string | null {
  const value: unknown = Reflect.get(json, 'issue') ?? null;
  if (value === null || typeof value === 'string') return value;
  throw new TypeError("a replay's filter has no issue");
}

function moment(json: object, name: string): number | null {
  const value: unknown = Reflect.get(json, name);
  if (value === null || typeof value === 'number') return value;
  throw new TypeError(`a replay's filter has no ${name}`);
}
