/** A real round trip to a stored spoke: its connection is opened anew, probed and closed, so that the answer is about what is stored now. */
import type { ErasedAdapter, ProbeResult, SpokeConnection } from '@nave/adapter-kit';
import { type Clock, HubError, isHubError, type Logger, messageOf, type SpokeDefinition } from '@nave/core';

export interface CheckAnswer extends ProbeResult {
  latencyMs: number;
}

export interface SpokeCheckDeps {
  /** The stored spoke with its secrets, or null. */
  load: (name: string) => Promise<SpokeDefinition | null>;
  open: (spoke: SpokeDefinition) => Promise<SpokeConnection>;
  kinds: ReadonlyMap<string, Pick<ErasedAdapter, 'delivers'>>;
  clock: Clock;
  logger: Logger;
}

const CHECK_MAX_MS = 15_000;

/** The check; its answer is null when there is no spoke of that name. Never takes longer than 15 s. */
export function createSpokeCheck(deps: SpokeCheckDeps): (name: string) => Promise<CheckAnswer | null> {
  return async (name) => {
    const spoke = await deps.load(name);
    if (!spoke) return null;
    const kind = deps.kinds.get(spoke.kind);
    if (!kind) throw new HubError('state.conflict', { detail: `This hub has no kind ${spoke.kind}.` });
    if (!kind.delivers) return { ok: true, latencyMs: 0, detail: 'This spoke only sends: there is nothing to reach.', checks: [] };
    const startedAt = deps.clock.now();
    const result = await probe(spoke, deps);
    return { ...result, latencyMs: Math.max(0, deps.clock.now() - startedAt) };
  };
}

async function probe(spoke: SpokeDefinition, deps: SpokeCheckDeps): Promise<ProbeResult> {
  const timeoutMs = Math.min(CHECK_MAX_MS, spoke.policy.timeoutMs);
  const signal = AbortSignal.timeout(timeoutMs);
  let connection: SpokeConnection | null = null;
  try {
    connection = await deps.open(spoke);
    return await Promise.race([connection.probe(signal), expiry(signal, timeoutMs)]);
  } catch (error) {
    if (!isHubError(error)) deps.logger.error({ spoke: spoke.name, reason: messageOf(error) }, 'check failed');
    return failed(isHubError(error) ? error.detail : 'The check failed in the hub; its log says why.');
  } finally {
    await connection?.close().catch((error: unknown) => deps.logger.warn({ spoke: spoke.name, reason: messageOf(error) }, 'not closed'));
  }
}

function expiry(signal: AbortSignal, timeoutMs: number): Promise<ProbeResult> {
  return new Promise((done) => {
    signal.addEventListener('abort', () => done(failed(`No answer within ${timeoutMs} ms.`)), { once: true });
  });
}

function failed(detail: string): ProbeResult {
  return { ok: false, detail, checks: [] };
}
