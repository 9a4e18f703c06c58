/** A run as a strip of steps: what the route was in that version, with what became of each of its steps. */
import type { Delivery, RouteVersion } from '@nave/api-schema';
import type { Run } from './runs.ts';

export interface FlowStep {
  name: string;
  spoke: string;
  operation: string | null;
  /** Null: not made, `fate` says whether it may still come. */
  delivery: Delivery | null;
  fate: 'made' | 'comes' | 'never';
  /** Milliseconds from its creation to its end; null while it goes on. */
  durationMs: number | null;
}

export type RouteSteps = Pick<RouteVersion, 'steps'>;

/** @param version the route as it was; null when it is not known (any more): then only what was made is shown */
export function flowSteps(run: Run, version: RouteSteps | null): FlowStep[] {
  const byName = new Map(run.deliveries.map((delivery) => [delivery.step, delivery]));
  const comes = mayGoOn(run);
  const steps: FlowStep[] = (version?.steps ?? []).map(({ name, to, operation }) => {
    const delivery = byName.get(name) ?? null;
    if (delivery !== null) return made(delivery);
    return { name, spoke: to, operation, delivery: null, fate: comes ? 'comes' : 'never', durationMs: null };
  });
  const shown = new Set(steps.map(({ name }) => name));
  return [...steps, ...run.deliveries.filter(({ step }) => !shown.has(step)).map(made)];
}

/** Milliseconds from creation to end. */
export function durationOf({ createdAt, finishedAt }: Pick<Delivery, 'createdAt' | 'finishedAt'>): number | null {
  return finishedAt === null ? null : Math.max(0, Date.parse(finishedAt) - Date.parse(createdAt));
}

function made(delivery: Delivery): FlowStep {
  const { step, spoke, operation } = delivery;
  return { name: step, spoke, operation, delivery, fate: 'made', durationMs: durationOf(delivery) };
}

/** Steps follow one another: the next one is made when the one before succeeded. */
function mayGoOn({ deliveries, superseded }: Run): boolean {
  const last = deliveries.at(-1)?.state;
  return !superseded && last !== undefined && !['skipped', 'cancelled', 'compensated'].includes(last);
}
