/** An alert rule as it is stored, and the list of them outside of changes. */
import type { Database } from '../database.ts';
import { guarded } from '../guarded.ts';

export interface StoredAlertRule {
  name: string;
  version: number;
  /** In the form of the API, completed; checked by whoever reads it. */
  spec: unknown;
  createdAt: Date;
  updatedAt: Date;
}

export interface AlertRuleRepository {
  /** Sorted by name, those after `afterName`. */
  list(options: { limit: number; afterName: string | null }): Promise<StoredAlertRule[]>;
  find(name: string): Promise<StoredAlertRule | null>;
}

export function createAlertRuleRepository({ prisma }: Pick<Database, 'prisma'>): AlertRuleRepository {
  return {
    list: ({ limit, afterName }) =>
      guarded(async () => {
        // By bytes, whatever collation the database has.
        return await prisma.$queryRaw<StoredAlertRule[]>`
          SELECT name, version, spec, created_at AS "createdAt", updated_at AS "updatedAt" FROM alert_rule
          WHERE name COLLATE "C" > ${afterName ?? ''} ORDER BY name COLLATE "C" LIMIT ${limit}`;
      }),
    find: (name) => guarded(() => prisma.alertRule.findUnique({ where: { name } })),
  };
}
