/** Retention of bodies per spoke: the data key of (spoke, day) is destroyed, and with it all that was sealed under it. The rows stay. */
import { parseDuration } from '@nave/core';
import type pg from 'pg';
import { auditRow } from '../audit/audit-entry.ts';
import type { Database } from '../database.ts';
import { DAY_MS, dayName } from './day-partitions.ts';
import { whatKeeps } from './what-keeps.ts';

/** Keys looked at in one turn. */
const KEYS_MAX = 50;

export interface DestroyedKey {
  id: number;
  spoke: string;
  day: string;
}

/** A key goes when its day lies wholly before the spoke's retention and every delivery of its messages is finished. Keys that must stay are tried again. */
export async function destroyBodies(db: Pick<Database, 'prisma'>, client: pg.Client, nowMs: number): Promise<DestroyedKey[]> {
  const { rows: spokes } = await client.query<{ name: string; retention: string }>(
    `SELECT name, spec->'inbound'->>'retention' AS retention FROM spoke WHERE spec->'inbound'->>'retention' IS NOT NULL ORDER BY name`,
  );
  const destroyed: DestroyedKey[] = [];
  for (const { name: spoke, retention } of spokes) {
    const retentionMs = parseDuration(retention);
    if (retentionMs === null) continue;
    const lastDay = Math.floor((nowMs - retentionMs) / DAY_MS) * DAY_MS - DAY_MS;
    const keys = await db.prisma.dataKey.findMany({
      where: { scope: `spoke:${spoke}`, day: { lte: new Date(lastDay) } },
      orderBy: { day: 'asc' },
      take: KEYS_MAX,
      select: { id: true, day: true },
    });
    for (const { id, day } of keys) {
      if (destroyed.length >= KEYS_MAX) return destroyed;
      if ((await whatKeeps(client, day.getTime(), spoke)) !== null) continue;
      const name = dayName(day.getTime());
      const entry = {
        atMs: nowMs,
        actor: 'hub',
        action: 'retention.bodies-destroyed',
        subject: `spoke:${spoke}`,
        detail: { day: name, retention },
      };
      await db.prisma.$transaction([db.prisma.dataKey.deleteMany({ where: { id } }), db.prisma.audit.create({ data: auditRow(entry) })]);
      destroyed.push({ id, spoke, day: name });
    }
  }
  return destroyed;
}
