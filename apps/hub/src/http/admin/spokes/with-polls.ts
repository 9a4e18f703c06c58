/** How the polls of a spoke go, beside the spoke itself. */
import { InboundInput, type PollStatus, type Spoke } from '@nave/api-schema';
import { Check } from 'typebox/value';
import type { AdminDeps } from '../admin-deps.ts';

/** What is said of a poll that has not run yet. */
export const NOT_YET: PollStatus = { lastAt: null, nextAt: null, failures: 0, lastError: null };

/** The spoke with `polls`, when some are switched on. */
export async function withPolls({ polls }: Pick<AdminDeps, 'polls'>, spoke: Spoke): Promise<Spoke> {
  const names = pollsOn(spoke.inbound);
  if (names.length === 0) return spoke;
  const progress = await polls.progress(spoke.name);
  return { ...spoke, polls: Object.fromEntries(names.map((name) => [name, progress.get(name) ?? NOT_YET])) };
}

function pollsOn(inbound: unknown): string[] {
  const given = typeof inbound === 'object' && inbound !== null && 'poll' in inbound ? { poll: inbound.poll } : {};
  if (!Check(InboundInput, given)) return [];
  return Object.entries(given.poll ?? {}).flatMap(([name, { enabled }]) => (enabled === false ? [] : [name]));
}
