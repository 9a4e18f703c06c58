import { describe, expect, it } from 'vitest';
import { createPinAudit } from './pin-audit.ts';

const mismatch = {
  target: 'erp.example:443',
  expected: ['cert-sha256:aa', 'spki-sha256:bb'],
  actual: ['cert-sha256:cc', 'spki-sha256:dd'],
} as const;

describe('the audit of pinned certificates', () => {
  it('has one entry however often the same certificate is met, and another one for another', () => {
    const entries: unknown[] = [];
    const audit = createPinAudit((entry) => entries.push(entry));
    for (let n = 0; n < 100; n += 1) audit('erp', mismatch);
    expect(entries).toEqual([
      {
        actor: 'hub',
        action: 'spoke.pin-mismatch',
        subject: 'spoke:erp',
        detail: {
          target: 'erp.example:443',
          expected: 'cert-sha256:aa spki-sha256:bb',
          certificate: 'cert-sha256:cc',
          publicKey: 'spki-sha256:dd',
        },
      },
    ]);
    audit('erp', { ...mismatch, actual: ['cert-sha256:ee', 'spki-sha256:dd'] });
    audit('crm', mismatch);
    expect(entries).toHaveLength(3);
  });
});
