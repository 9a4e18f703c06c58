import { uuidV7 } from '@nave/core';
import { type DisposableDatabase, disposableDatabase, type SeedDelivery, seedMessage } from '@nave/testkit';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Database, openDatabase } from '../database.ts';
import type { AlertQuestion } from './alert-fact.ts';
import { alertFacts } from './alert-facts.ts';

const NOW = Date.parse('2026-11-21T12:00:00Z');
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

let disposable: DisposableDatabase;
let db: Database;
beforeAll(async () => {
  disposable = await disposableDatabase();
  db = openDatabase({ url: disposable.url, applicationName: 'test', hotConnections: 2, queryConnections: 1 });
  await db.hot.query(`SELECT nave_make_partitions(date '2026-11-21' - d) FROM generate_series(0, 9) AS d`);
});
beforeEach(async () => {
  await db.hot.query('TRUNCATE message, delivery, audit, lane, spoke_flow, ledger_difference, ledger_day, spoke CASCADE');
});
afterAll(async () => {
  await db.close();
  await disposable.drop();
});

const ask = (question: AlertQuestion, nowMs = NOW) => alertFacts(db.hot, question, nowMs);
const seed = (deliveries: SeedDelivery[], atMs = NOW - HOUR) => seedMessage(db.hot, { atMs, deliveries }, (plain) => plain);

describe('what is dead or unknown', () => {
  it('holds for each spoke with enough of it, with newest ids first and the codes of the hub only', async () => {
    const first = await seed([{ spoke: 'erp', state: 'dead', reason: 'worker.lost' }]);
    const second = await seed([{ spoke: 'erp', state: 'dead', reason: 'Mr. Smith is not known here' }]);
    await seed([
      { spoke: 'crm', state: 'dead' },
      { spoke: 'erp', state: 'succeeded' },
    ]);
    const facts = await ask({ condition: 'dead', count: 2, windowMs: null });
    expect(facts).toEqual([
      {
        ...{ subject: 'spoke:erp', spoke: 'erp' },
        figures: { count: 2, oldestAt: '2026-11-21T11:00:00.000Z', reasons: ['worker.lost'] },
        samples: [...second.deliveryIds, ...first.deliveryIds],
      },
    ]);
    expect((await ask({ condition: 'dead', count: 1, windowMs: null })).map(({ spoke }) => spoke)).toEqual(['crm', 'erp']);
    expect(await ask({ condition: 'unknown', count: 1 })).toEqual([]);
  });

  it('counts with a window only what died within it', async () => {
    await seed([
      { spoke: 'erp', state: 'dead', finishedAtMs: NOW - 30 * MINUTE },
      { spoke: 'erp', state: 'dead', finishedAtMs: NOW - MINUTE },
    ]);
    expect(await ask({ condition: 'dead', count: 1, windowMs: 10 * MINUTE })).toMatchObject([{ figures: { count: 1 } }]);
    expect(await ask({ condition: 'dead', count: 2, windowMs: 10 * MINUTE })).toEqual([]);
  });

  it('leaves unknown outcomes alone that the hub still asks about', async () => {
    const { deliveryIds } = await seed([
      { spoke: 'erp', state: 'unknown' },
      { spoke: 'erp', state: 'unknown' },
    ]);
    await db.hot.query(`UPDATE delivery SET due_at = now() - interval '1 second' WHERE id = $1`, [deliveryIds[0]]);
    expect(await ask({ condition: 'unknown', count: 1 })).toMatchObject([
      { spoke: 'erp', figures: { count: 1 }, samples: [deliveryIds[1]] },
    ]);
  });

  it('stays bounded whatever lies there', async () => {
    await db.hot.query(
      `INSERT INTO delivery (id, message_id, source, route, route_version, step, step_name, spoke, operation, state, created_at, finished_at)
       SELECT (lpad(to_hex($1::bigint + n), 12, '0') || '7000800000000000' || lpad(to_hex(n), 4, '0'))::uuid, gen_random_uuid(), 's', 'r', 1, 0, '', 'big', 'o', 'dead', now(), now()
       FROM generate_series(1, 5000) AS n`,
      [NOW - HOUR],
    );
    const [fact] = await ask({ condition: 'dead', count: 1, windowMs: null });
    expect(fact?.figures['count']).toBe(1_000);
    expect(fact?.samples).toHaveLength(10);
  });
});

describe('a backlog', () => {
  it('holds while something waits for too long, due or held, but not while a person or an event is waited for', async () => {
    const old = await seed([{ spoke: 'erp', state: 'retrying' }], NOW - HOUR);
    await seed([{ spoke: 'erp', state: 'pending' }], NOW - MINUTE);
    await seed([{ spoke: 'crm', state: 'pending' }], NOW - MINUTE);
    await seed([{ spoke: 'paused', state: 'held', heldBy: 'pause' }], NOW - DAY);
    await seed([{ spoke: 'asked', state: 'held', heldBy: 'approval' }], NOW - DAY);
    expect(await ask({ condition: 'backlog', olderThanMs: 15 * MINUTE })).toEqual([
      {
        subject: 'spoke:erp',
        spoke: 'erp',
        figures: { oldestAt: '2026-11-21T11:00:00.000Z', state: 'retrying' },
        samples: old.deliveryIds,
      },
      expect.objectContaining({ spoke: 'paused', figures: { oldestAt: '2026-11-20T12:00:00.000Z', state: 'held (pause)' } }),
    ]);
  });
});

describe('an error share', () => {
  it('counts failed attempts of recent deliveries, from a minimum on', async () => {
    const tries = (...outcomes: ('ok' | 'fault')[]) => outcomes.map((outcome) => ({ outcome }));
    await seed(
      [
        { spoke: 'erp', state: 'succeeded', attempts: tries('fault', 'ok') },
        { spoke: 'erp', state: 'retrying', attempts: tries('fault', 'fault') },
      ],
      NOW - MINUTE,
    );
    await seed([{ spoke: 'crm', state: 'succeeded', attempts: tries('ok') }], NOW - MINUTE);
    await seed([{ spoke: 'old', state: 'dead', attempts: tries('fault', 'fault', 'fault', 'fault') }], NOW - HOUR);
    const share = { condition: 'errorShare', share: 0.75, minimum: 4, windowMs: 5 * MINUTE } as const;
    expect(await ask(share)).toMatchObject([{ spoke: 'erp', figures: { attempts: 4, failed: 3 } }]);
    expect(await ask({ ...share, minimum: 5 })).toEqual([]);
    expect(await ask({ ...share, share: 0.76 })).toEqual([]);
  });
});

describe('refused sign-ins', () => {
  it('are counted as often as they happened, per spoke and for the hub', async () => {
    const refusal = (atMs: number, subject: string, detail: object) =>
      db.hot.query(`INSERT INTO audit (at, actor, action, subject, detail) VALUES ($1, 'address:1.2.3.4', 'auth.refused', $2, $3)`, [
        new Date(atMs),
        subject,
        detail,
      ]);
    await refusal(NOW - MINUTE, 'api:GET /x', { count: 7 });
    await refusal(NOW - MINUTE, 'session:new', {});
    await refusal(NOW - MINUTE, 'spoke:shop', { count: 9 });
    await refusal(NOW - HOUR, 'spoke:crm', { count: 99 });
    const facts = await ask({ condition: 'signIns', count: 8, windowMs: 5 * MINUTE });
    expect(facts.map(({ subject, figures }) => [subject, figures['count']]).sort()).toEqual([
      ['hub', 8],
      ['spoke:shop', 9],
    ]);
  });
});

describe('silence', () => {
  const send = async (spoke: string, atMs: number) => {
    const id = uuidV7(atMs, Buffer.from(crypto.getRandomValues(new Uint8Array(10))));
    await db.hot.query(
      `INSERT INTO message (id, spoke, type, received_at, content, content_type, size) VALUES ($1, $2, 't', $3, '', 'application/json', 0)`,
      [id, spoke, new Date(atMs)],
    );
  };
  const sender = (name: string) =>
    db.hot.query(
      `INSERT INTO spoke (name, kind, title, enabled, version, spec, created_at, updated_at) VALUES ($1, 'source', '', true, 1, '{}', now(), now())`,
      [name],
    );

  it('is told of a spoke that usually sends at this hour, and not of one that never did, is off today, or sends', async () => {
    for (const name of ['shop', 'new', 'weekday', 'busy']) await sender(name);
    for (let day = 1; day <= 7; day++) {
      for (let n = -2; n <= 2; n++) {
        await send('shop', NOW - day * DAY + n * 5 * MINUTE);
        await send('busy', NOW - day * DAY + n * 5 * MINUTE);
        if (day !== 7) await send('weekday', NOW - day * DAY + n * 5 * MINUTE);
      }
    }
    await send('weekday', NOW - 8 * DAY);
    await send('busy', NOW - MINUTE);
    await send('new', NOW - 5 * HOUR);
    const facts = await ask({ condition: 'silent', factor: 10, minimumMs: HOUR });
    expect(facts).toMatchObject([{ subject: 'spoke:shop', figures: { usualGapSeconds: 720 } }]);
    expect(await ask({ condition: 'silent', factor: 1_000, minimumMs: HOUR })).toEqual([]);
  });
});

describe('retention', () => {
  it('holds while a day that should be dropped cannot be', async () => {
    expect(await ask({ condition: 'retention' })).toEqual([]);
    await db.hot.query(`INSERT INTO ledger_day (day, blocked_by) VALUES ('2026-08-01', 'open deliveries'), ('2026-08-02', NULL)`);
    expect(await ask({ condition: 'retention' })).toMatchObject([
      { subject: 'hub', figures: { days: 1, oldestDay: '2026-08-01', blockedBy: 'open deliveries' } },
    ]);
  });
});

describe('what others keep', () => {
  it('is found in their tables: parked lanes, breakers, retry budgets, differences of the ledger', async () => {
    const head = uuidV7(NOW, Buffer.alloc(10));
    await db.hot.query(
      `INSERT INTO lane (spoke, key, head, low, parked_at) VALUES ('erp', 'a', $1, $1, $2), ('erp', 'b', $1, $1, NULL), ('crm', 'c', $1, $1, NULL)`,
      [head, new Date(NOW)],
    );
    await db.hot.query(
      `INSERT INTO spoke_flow (spoke, breaker, opened_at, budget_exhausted_at) VALUES ('erp', 'open', $1, NULL), ('crm', 'closed', NULL, $1), ('pim', 'half-open', $1, $2)`,
      [new Date(NOW), new Date(NOW - HOUR)],
    );
    await db.hot.query(
      `INSERT INTO ledger_difference (kind, route, day, minute_from, minute_to, accepted, found, message_ids, detail, found_at, resolved_at)
       VALUES ('missing', 'orders', '2026-11-21', $1, $1, 10, 9, ARRAY[$2::uuid], '{}', $1, NULL), ('missing', 'fixed', '2026-11-21', $1, $1, 1, 0, '{}', '{}', $1, $1)`,
      [new Date(NOW), head],
    );
    expect(await ask({ condition: 'parked', count: 1 })).toMatchObject([{ spoke: 'erp', figures: { count: 1 }, samples: [head] }]);
    expect((await ask({ condition: 'breaker' })).map(({ spoke }) => spoke).sort()).toEqual(['erp', 'pim']);
    expect((await ask({ condition: 'retryBudget' })).map(({ spoke }) => spoke)).toEqual(['crm']);
    expect(await ask({ condition: 'ledger' })).toMatchObject([
      { subject: 'route:orders', spoke: null, figures: { differences: 1, expected: 10, found: 9 }, samples: [head] },
    ]);
  });
});
