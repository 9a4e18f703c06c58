/** How long a replay still takes, at the pace it had so far. */
import type { Replay } from '@nave/api-schema';

/** Before this a pace says little. */
const SETTLED_MS = 2_000;

/** @returns whole seconds; null when it does not run, or nobody can say */
export function secondsLeft({ state, total, done, failed, createdAt }: Replay, nowMs: number): number | null {
  const made = done + failed;
  const elapsedMs = nowMs - Date.parse(createdAt);
  if (state !== 'running' || made <= 0 || elapsedMs < SETTLED_MS) return null;
  return Math.ceil(((total - made) * elapsedMs) / made / 1_000);
}
