/** The end of a fault test: everything acknowledged has arrived and nothing is open, then the reckoning. */
import { expect } from 'vitest';
import { type Account, accountFor, describeAccount } from './accounting.ts';
import type { Ledger } from './load.ts';
import type { Scene } from './scene.ts';
import { countOf } from './sql.ts';
import { waitFor } from './wait-for.ts';

export interface SettleOptions {
  timeoutMs?: number;
  /** Deliveries that may have been under way when something was killed: only these may arrive twice, under the same key. */
  repeatsMax?: number;
  /** Messages with one succeeded delivery each that the suite sent besides the load. */
  foreignMessages?: number;
  /** Of the foreign messages, those with a succeeded delivery; default all. */
  foreignSucceeded?: number;
  /** Counts only what was answered 200: for suites in which the receiving system refuses or lets go. */
  answeredOnly?: boolean;
  /** How often such a delivery may arrive; more than twice only where something is killed again and again. */
  timesMax?: number;
}

/** Waits for the last delivery, prints the account and holds it against the promises: nothing lost, nothing doubled, repeats only where allowed. */
export async function settle(title: string, scene: Scene, ledger: Ledger, options: SettleOptions = {}): Promise<Account> {
  const { timeoutMs = 90_000, repeatsMax = 0, foreignMessages = 0, timesMax = 2 } = options;
  const arrivals = () => scene.sink.arrivals.filter(({ status }) => options.answeredOnly !== true || status === 200);
  const open = () =>
    countOf(scene.databaseUrl(), `SELECT count(*) AS n FROM delivery WHERE state NOT IN ('succeeded', 'dead', 'skipped', 'cancelled')`);
  await waitFor(`${title}: no delivery is open`, timeoutMs, async () => (await open()) === 0).catch((error: unknown) => {
    console.log(describeAccount(`${title} (not settled)`, accountFor(ledger, arrivals())));
    throw error;
  });
  const account = accountFor(ledger, arrivals());
  console.log(describeAccount(title, account));
  expect(account.lost).toEqual([]);
  expect(account.doubled).toEqual([]);
  expect(ledger.contradictions).toEqual([]);
  // Every sender went on until it was acknowledged, so nothing may be stored that was not.
  expect(account.acknowledged).toBe(account.sent);
  expect(account.delivered).toBe(account.acknowledged);
  expect(account.repeated.size).toBeLessThanOrEqual(repeatsMax);
  for (const times of account.repeated.values()) expect(times.length).toBeLessThanOrEqual(timesMax);
  const stored = await countOf(scene.databaseUrl(), 'SELECT count(*) AS n FROM message');
  expect(stored - foreignMessages).toBe(account.acknowledged);
  const succeeded = await countOf(scene.databaseUrl(), `SELECT count(*) AS n FROM delivery WHERE state = 'succeeded'`);
  expect(succeeded - (options.foreignSucceeded ?? foreignMessages)).toBe(account.delivered);
  return account;
}
