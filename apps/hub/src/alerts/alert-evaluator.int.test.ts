/** The evaluator over real rows and a clock of its own: what survives its death, and what is told how often. */
import { type AlertFact, createAlertRuleRepository, createAlertStore, type Database, openDatabase } from '@nave/store';
import { type DisposableDatabase, disposableDatabase, fakeClock, fakeIds, recordingLogger } from '@nave/testkit';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { alertSpec } from '../declaration/alert-spec.ts';
import { createAlertEvaluator } from './alert-evaluator.ts';
import type { PlannedNotification } from './plan-notifications.ts';
import { factOf } from './test-rule.ts';

let disposable: DisposableDatabase;
let db: Database;
beforeAll(async () => {
  disposable = await disposableDatabase();
  db = openDatabase({ url: disposable.url, applicationName: 'test', hotConnections: 1, queryConnections: 2 });
});
beforeEach(async () => {
  await db.hot.query('TRUNCATE alert, alert_rule');
  await rule('dead', { when: { condition: 'dead' }, notify: [{ to: 'ops' }], repeat: '1h' });
});
afterAll(async () => {
  await db.close();
  await disposable.drop();
});

async function rule(name: string, input: Parameters<typeof alertSpec>[0]): Promise<void> {
  await db.hot.query(
    `INSERT INTO alert_rule (name, spec, version, created_at, updated_at) VALUES ($1, $2, 1, now(), now())
     ON CONFLICT (name) DO UPDATE SET spec = EXCLUDED.spec`,
    [name, JSON.stringify(alertSpec(input))],
  );
}

const clock = fakeClock();
const ids = fakeIds();
const store = () => createAlertStore(db);

/** An evaluator as a process of its own: several share the rows. */
function evaluator(options: {
  found: () => AlertFact[] | Promise<AlertFact[]>;
  send?: (sent: PlannedNotification) => void;
  leads?: boolean;
}) {
  const logger = recordingLogger();
  const sent: string[] = [];
  const looks = createAlertEvaluator({
    ...{ alerts: store(), rules: createAlertRuleRepository(db), clock, ids, logger },
    facts: async () => options.found(),
    notifier: {
      async send(notification) {
        options.send?.(notification);
        const { to, state, alerts } = notification;
        sent.push(`${to} ${state} ${alerts.map(({ subject }) => subject).join(' ')}`);
        return to === 'gone' ? null : { to, operation: 'send', messageId: 'm' };
      },
    },
    leadership: { lead: async () => options.leads ?? true, close: async () => undefined },
  });
  const turn = async (times = 1) => {
    for (let n = 0; n < times; n++) {
      clock.advance(5_000);
      await looks.turn();
    }
  };
  return { turn, sent, logger };
}

describe('the evaluator', () => {
  it('opens and tells once, whoever leads, and resolves and tells once', async () => {
    let found = [factOf('erp')];
    const [one, two] = [evaluator({ found: () => found }), evaluator({ found: () => found })];
    await one.turn(3);
    await two.turn(3);
    found = [];
    await two.turn(1);
    await one.turn(3);
    expect([...one.sent, ...two.sent].sort()).toEqual(['ops firing spoke:erp', 'ops resolved spoke:erp']);
    expect(await store().open()).toEqual([]);
  });

  it('says every second that it leads, however long a look takes', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      let asked = 0;
      let answer = (): void => undefined;
      const slow = new Promise<void>((done) => {
        answer = done;
      });
      const rules = createAlertRuleRepository(db);
      const looks = createAlertEvaluator({
        ...{ alerts: store(), clock, ids, logger: recordingLogger(), facts: async () => [], notifier: { send: async () => null } },
        rules: { ...rules, list: () => slow.then(() => []) },
        leadership: {
          async lead() {
            asked += 1;
            return true;
          },
          close: async () => undefined,
        },
      });
      looks.start();
      await vi.advanceTimersByTimeAsync(10_000);
      expect(asked).toBe(10);
      answer();
      await looks.close();
    } finally {
      vi.useRealTimers();
    }
  });

  it('tells again what a process did not live to remember, and nothing that was remembered', async () => {
    const dying = evaluator({
      found: () => [factOf('erp')],
      send: () => {
        throw new Error('killed');
      },
    });
    await expect(dying.turn()).rejects.toThrow('killed');
    const next = evaluator({ found: () => [factOf('erp')] });
    await next.turn(5);
    expect(next.sent).toEqual(['ops firing spoke:erp']);
    expect(await store().firingCounts()).toEqual([{ rule: 'dead', severity: 'warning', count: 1 }]);
  });

  it('repeats until somebody acknowledges', async () => {
    const looks = evaluator({ found: () => [factOf('erp')] });
    await looks.turn();
    clock.advance(3_600_000);
    await looks.turn(2);
    const [alert] = await store().open();
    await store().acknowledge(alert?.id ?? '', 'key:me', {
      atMs: clock.now(),
      actor: 'key:me',
      action: 'alert.acknowledge',
      subject: 'x',
      detail: {},
    });
    clock.advance(3_600_000);
    await looks.turn(2);
    expect(looks.sent).toEqual(['ops firing spoke:erp', 'ops firing spoke:erp']);
  });

  it('does nothing without the lead, and opens nothing twice with two leaders', async () => {
    const idle = evaluator({ found: () => [factOf('erp')], leads: false });
    await idle.turn();
    expect(idle.sent).toEqual([]);
    const [one, two] = [evaluator({ found: () => [factOf('erp')] }), evaluator({ found: () => [factOf('erp')] })];
    await Promise.all([one.turn(), two.turn()]);
    expect(await store().open()).toHaveLength(1);
  });

  it('goes on with the other rules when one cannot be asked, and says so once', async () => {
    await rule('broken', { when: { condition: 'breaker' }, notify: [{ to: 'ops' }] });
    let asked = 0;
    const looks = evaluator({
      found: () => {
        asked += 1;
        if (asked % 2 === 1) throw new Error('no such table');
        return [factOf('erp')];
      },
    });
    await looks.turn(3);
    expect(looks.sent).toEqual(['ops firing spoke:erp']);
    expect(looks.logger.lines.filter(({ message }) => message.includes('cannot be looked at'))).toHaveLength(1);
  });

  it('is not stopped by a channel that is gone', async () => {
    await rule('dead', { when: { condition: 'dead' }, notify: [{ to: 'gone' }, { to: 'ops' }] });
    const looks = evaluator({ found: () => [factOf('erp')] });
    await looks.turn(2);
    expect(looks.sent.filter((text) => text.startsWith('ops'))).toEqual(['ops firing spoke:erp']);
  });

  it('sends a storm in few notifications', async () => {
    const looks = evaluator({ found: () => Array.from({ length: 300 }, (_, n) => factOf(`s${n}`)) });
    await looks.turn(4);
    expect(looks.sent).toHaveLength(20);
    expect(await store().open()).toHaveLength(300);
  });

  it('forgets what resolved 90 days ago', async () => {
    let found = [factOf('erp')];
    const looks = evaluator({ found: () => found });
    await looks.turn();
    found = [];
    await looks.turn(3);
    clock.advance(91 * 86_400_000);
    await looks.turn();
    expect(await store().list({ state: null, rule: null, fromMs: null, toMs: null }, { limit: 10, beforeId: null })).toEqual([]);
  });
});
