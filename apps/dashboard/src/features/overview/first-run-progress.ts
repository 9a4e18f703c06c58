/** The first three steps of a new hub, and which of them are done: told by what the hub has, never by clicks. */
import type { Route, Spoke } from '@nave/api-schema';

export type FirstStep = 'spoke' | 'message' | 'route';

export interface FirstRunFacts {
  spokes: readonly Pick<Spoke, 'name' | 'kind' | 'inbound'>[];
  routes: readonly Pick<Route, 'name'>[];
  /** Sources of the newest messages, what the hub sends itself included. */
  sources: readonly string[];
}

export interface FirstRunProgress {
  done: Readonly<Record<FirstStep, boolean>>;
  /** The one to do now; null: all are done. */
  next: FirstStep | null;
  /** The first spoke that can send; null: none can. */
  sender: string | null;
}

const STEPS: readonly FirstStep[] = ['spoke', 'message', 'route'];
/** What the hub sends itself: notifications. */
export const OWN_SOURCE = 'nave';

export function firstRunProgress({ spokes, routes, sources }: FirstRunFacts): FirstRunProgress {
  const done = { spoke: spokes.length > 0, message: sources.some((source) => source !== OWN_SOURCE), route: routes.length > 0 };
  const sender = spokes.find(({ kind, inbound }) => (inbound !== null && inbound !== undefined) || kind === 'source');
  return { done, next: STEPS.find((step) => !done[step]) ?? null, sender: sender?.name ?? null };
}
