/** Cost-based throttling as Shopify does it (shopify.dev, "GraphQL Admin API rate limits"): a bucket of points that refills. */
import type { GraphqlAnswer } from './graphql-answer.ts';

/** `waitMs` until the bucket holds what the request costs; `impossible` when it never will. */
export type GraphqlCostDelay = { kind: 'wait'; waitMs: number } | { kind: 'impossible' } | { kind: 'unknown' };

const WAIT_MAX_MS = 3_600_000;

/** Reads `extensions.cost { requestedQueryCost, throttleStatus { maximumAvailable, currentlyAvailable, restoreRate } }`; the rate is in points per second. */
export function graphqlCostDelay({ extensions }: Pick<GraphqlAnswer, 'extensions'>): GraphqlCostDelay {
  const cost = fieldOf(extensions, 'cost');
  const status = fieldOf(cost, 'throttleStatus');
  const requested = numberOf(fieldOf(cost, 'requestedQueryCost'));
  const available = numberOf(fieldOf(status, 'currentlyAvailable'));
  const rate = numberOf(fieldOf(status, 'restoreRate'));
  const maximum = numberOf(fieldOf(status, 'maximumAvailable'));
  if (requested !== null && maximum !== null && requested > maximum) return { kind: 'impossible' };
  if (requested === null || available === null || rate === null || rate === 0) return { kind: 'unknown' };
  const waitMs = Math.ceil((Math.max(0, requested - available) / rate) * 1_000);
  return { kind: 'wait', waitMs: Math.min(WAIT_MAX_MS, waitMs) };
}

function numberOf(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : null;
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Object.getOwnPropertyDescriptor(value, name)?.value : undefined;
}
