/** The process that builds the dashboard: started by a hub, or by hand (`node apps/hub/src/dashboard/build-main.ts`) where an image is made. */
import { setPriority } from 'node:os';
import type { BuildOutcome } from './build-outcome.ts';
import { dashboardFolder } from './dashboard-folder.ts';

/** Deliveries come first. */
const NICE = 10;

// It ends with the hub, also with one that was killed: only this channel notices that. Nothing else is kept waiting by it.
process.on('disconnect', () => process.exit(1));
process.channel?.unref();
try {
  // Before anything makes threads: they get the priority of the thread that makes them.
  setPriority(NICE);
} catch {
  // Then at the usual priority.
}

const { buildDashboard } = await import('./build-dashboard.ts');
const outcome = await buildDashboard(dashboardFolder(process.argv[2]));
report(outcome);

function report(told: BuildOutcome): void {
  const end = () => process.exit(told.how === 'failed' ? 1 : 0);
  if (told.how === 'failed') console.error(`${told.reason}\n${told.advice}`);
  else console.log(told.how === 'built' ? 'The dashboard is built.' : 'The dashboard was built already.');
  if (process.send === undefined) end();
  else process.send(told, end);
}
