/** What became of a build, as the building process tells it to the hub. */

export type BuildOutcome =
  | { how: 'built' | 'fresh' }
  /** `reason`: one line on what happened; `advice`: one on what to do. */
  | { how: 'failed'; reason: string; advice: string };

/** The outcome in a message of another process; null when it is none. */
export function outcomeOf(message: unknown): BuildOutcome | null {
  if (typeof message !== 'object' || message === null || !('how' in message)) return null;
  if (message.how === 'built' || message.how === 'fresh') return { how: message.how };
  if (message.how !== 'failed' || !('reason' in message) || !('advice' in message)) return null;
  return { how: 'failed', reason: String(message.reason), advice: String(message.advice) };
}
