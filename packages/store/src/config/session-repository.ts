/** Dashboard sign-ins and the single-use links that lead to them; only hashes of their tokens are stored. */
import { type AuditEntry, auditRow } from '../audit/audit-entry.ts';
import type { Database } from '../database.ts';
import { guarded } from '../guarded.ts';

export interface NewSession {
  id: string;
  hash: Uint8Array;
  keyId: string;
  createdAt: Date;
  expiresAt: Date;
}

export interface SessionRepository {
  /** A session with its key's id, or null when it is unknown or over at `now`. */
  find(hash: Uint8Array, now: Date): Promise<{ id: string; keyId: string; expiresAt: Date } | null>;
  open(session: NewSession, audit: AuditEntry): Promise<void>;
  /** Ends a session; false when there was none. */
  end(hash: Uint8Array, audit: AuditEntry): Promise<boolean>;
  /** Stores a sign-in link. */
  offerLink(link: NewSession): Promise<void>;
  /** Uses a link up: its key's id, or null when it is unknown, used or over. Of two callers at once only one gets it. */
  takeLink(hash: Uint8Array, now: Date): Promise<{ keyId: string } | null>;
  /** Deletes what is over. */
  sweep(now: Date): Promise<number>;
}

export function createSessionRepository({ prisma }: Pick<Database, 'prisma'>): SessionRepository {
  const row = ({ hash, ...rest }: NewSession, purpose: 'session' | 'link') => ({ ...rest, purpose, hash: Buffer.from(hash) });
  return {
    find: (hash, now) =>
      guarded(() =>
        prisma.session.findFirst({
          where: { hash: Buffer.from(hash), purpose: 'session', expiresAt: { gt: now } },
          select: { id: true, keyId: true, expiresAt: true },
        }),
      ),
    open: (session, audit) =>
      guarded(async () => {
        await prisma.$transaction([
          prisma.session.create({ data: row(session, 'session') }),
          prisma.audit.create({ data: auditRow(audit) }),
        ]);
      }),
    end: (hash, audit) =>
      guarded(() =>
        prisma.$transaction(async (tx) => {
          const { count } = await tx.session.deleteMany({ where: { hash: Buffer.from(hash), purpose: 'session' } });
          if (count > 0) await tx.audit.create({ data: auditRow(audit) });
          return count > 0;
        }),
      ),
    offerLink: (link) =>
      guarded(async () => {
        await prisma.session.create({ data: row(link, 'link') });
      }),
    takeLink: (hash, now) =>
      guarded(async () => {
        // One statement: a link cannot be used twice, whatever happens at the same time.
        const taken = await prisma.$queryRaw<{ keyId: string }[]>`
          DELETE FROM session WHERE hash = ${Buffer.from(hash)} AND purpose = 'link' AND expires_at > ${now} RETURNING key_id AS "keyId"`;
        return taken[0] ?? null;
      }),
    sweep: (now) => guarded(async () => (await prisma.session.deleteMany({ where: { expiresAt: { lte: now } } })).count),
  };
}
