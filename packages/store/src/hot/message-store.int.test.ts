import { describeMessageStoreContract, disposableDatabase } from '@nave/testkit';
import { openDatabase } from '../database.ts';
import { createMessageStore } from './message-store.ts';

describeMessageStoreContract('PostgreSQL', async () => {
  const { url, drop } = await disposableDatabase();
  const db = openDatabase({ url, applicationName: 'test', hotConnections: 4, queryConnections: 1 });
  const query = db.hot.query.bind(db.hot);
  return {
    store: createMessageStore(db.hot),
    // The server's clock cannot be moved: everything stored grows older instead.
    async pass(ms) {
      const older = (column: string) => `${column} = ${column} - $1 * interval '1 millisecond'`;
      await query(`UPDATE delivery SET ${older('due_at')}, ${older('next_attempt_at')}`, [ms]);
      await query(`UPDATE idempotency SET ${older('expires_at')}`, [ms]);
    },
    async setSpoke(name, { paused, enabled }) {
      await query(
        `INSERT INTO spoke (name, kind, title, enabled, paused, version, spec, created_at, updated_at) VALUES ($1, 'rest', '', $2, $3, 1, '{}', now(), now())
         ON CONFLICT (name) DO UPDATE SET enabled = EXCLUDED.enabled, paused = EXCLUDED.paused`,
        [name, enabled, paused],
      );
    },
    async look(id) {
      const { rows } = await query(
        `SELECT state::text, held_by::text AS "heldBy", reason, attempt_count AS "attemptCount", fence,
           ARRAY(SELECT number FROM attempt WHERE delivery_id = d.id ORDER BY number) AS attempts FROM delivery d WHERE id = $1`,
        [id],
      );
      return rows[0] ?? null;
    },
    // Several times faster than TRUNCATE, which makes new files for every partition and index.
    clear: async () =>
      void (await query(
        'DELETE FROM message; DELETE FROM delivery; DELETE FROM attempt; DELETE FROM idempotency; DELETE FROM spoke; DELETE FROM lane',
      )),
    async close() {
      await db.close();
      await drop();
    },
  };
});
