/** Queue figures as the API shows them. */
import type { Queue } from '@nave/api-schema';
import type { QueueFigures } from '@nave/store';

export function queueView({ spoke, depth, oldestSeconds, ratePerSecond, latencyMs, paused }: QueueFigures): Queue {
  const rounded = { oldestSeconds: Math.round(oldestSeconds * 10) / 10, ratePerSecond: Math.round(ratePerSecond * 100) / 100 };
  return { spoke, depth, ...rounded, latencyMs, paused, breaker: 'closed' };
}
