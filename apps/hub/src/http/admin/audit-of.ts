/** The audit entry of what a caller does. */
import type { AuditEntry } from '@nave/store';
import type { FastifyRequest } from 'fastify';
import type { AdminDeps } from './admin-deps.ts';

/** @param detail what was done or why; never a secret, a body or personal data */
export function auditOf(
  request: FastifyRequest,
  { clock }: Pick<AdminDeps, 'clock'>,
  action: string,
  subject: string,
  detail: AuditEntry['detail'] = {},
): AuditEntry {
  return { atMs: clock.now(), actor: request.actor.label, action, subject, detail };
}
