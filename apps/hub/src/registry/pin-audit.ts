/** Audit entries for certificates that are not the pinned ones: each once, however many deliveries meet it. */
import type { PinMismatch } from '@nave/protocols';
import type { Refusal } from '../http/auth/refusal-audit.ts';

/** Spokes and certificates remembered. */
const SEEN_MAX = 1_000;

/** @param note writes the entry `spoke.pin-mismatch`; called once per process for the same spoke, host, pins and certificate */
export function createPinAudit(note: (entry: Refusal) => void): (spoke: string, mismatch: PinMismatch) => void {
  const seen = new Set<string>();
  return (spoke, { target, expected, actual }) => {
    const [certificate, publicKey] = actual;
    const detail = { target, expected: expected.join(' '), certificate, publicKey };
    const key = JSON.stringify([spoke, detail]);
    if (seen.has(key)) return;
    seen.add(key);
    const [oldest] = seen;
    if (seen.size > SEEN_MAX && oldest !== undefined) seen.delete(oldest);
    note({ actor: 'hub', action: 'spoke.pin-mismatch', subject: `spoke:${spoke}`, detail });
  };
}
