/** The deliveries of a message ordered as what they were: each time it went through a route is one run, and a replay is another one. */
import type { Delivery } from '@nave/api-schema';

export interface Run {
  route: string;
  routeVersion: number;
  /** In the order they were made; of steps that were not reached there are none. */
  deliveries: Delivery[];
  /** Made by a replay. */
  replay: boolean;
  /** A later run of the same route took its place. */
  superseded: boolean;
}

/** Oldest first. A step that comes again, or another version of the route, begins a new run. */
export function runsOf(deliveries: readonly Delivery[]): Run[] {
  const runs: Run[] = [];
  const open = new Map<string, Run>();
  for (const delivery of [...deliveries].sort(byCreation)) {
    const before = open.get(delivery.route);
    if (before !== undefined && continues(before, delivery)) {
      before.deliveries.push(delivery);
      continue;
    }
    if (before !== undefined) before.superseded = true;
    const { route, routeVersion, replayOf } = delivery;
    const run: Run = { route, routeVersion, deliveries: [delivery], replay: replayOf !== null || before !== undefined, superseded: false };
    open.set(route, run);
    runs.push(run);
  }
  return runs;
}

/** What counts at present: without what a replay replaced. */
export function presentDeliveries(runs: readonly Run[]): Delivery[] {
  return runs.filter(({ superseded }) => !superseded).flatMap(({ deliveries }) => deliveries);
}

function continues(run: Run, delivery: Delivery): boolean {
  return run.routeVersion === delivery.routeVersion && run.deliveries.every(({ step }) => step !== delivery.step);
}

function byCreation(a: Delivery, b: Delivery): number {
  return Date.parse(a.createdAt) - Date.parse(b.createdAt) || (a.id < b.id ? -1 : 1);
}
