/** The end of a fault test: everything acknowledged has arrived and nothing is open, then the reckoning. */
import { expect } from 'vitest';
import { type Account, accountFor, describeAccount } from './accounting.ts';
import type { Ledger } from './load.ts';
import type { Scene } from './scene.ts';
import { countOf } from './sql.ts';
import { waitFor } from './wait-for.ts';

export interface SettleOptions {
  /** A lease of a killed worker takes 30 s to run out. */
  timeoutMs?: number;
  /** Deliveries that may have been under way when something was killed: only these may arrive twice, under the same key. */
  repeatsMax?: number;
  /** Messages with one succeeded delivery each that the suite sent besides the load. */
  foreignMessages?: number;
}

/** Waits for the last delivery, prints the account and holds it against the promises: nothing lost, nothing doubled, repeats only where allowed. */
export async function settle(title: string, scene: Scene, ledger: Ledger, options: SettleOptions = {}): Promise<Account> {
  const { timeoutMs = 30_000, repeatsMax = 0, foreignMessages = 0 } = options;
  const open = () =>
    countOf(scene.databaseUrl(), `SELECT count(*) AS n FROM delivery WHERE state NOT IN ('succeeded', 'dead', 'skipped', 'cancelled')`);
  await waitFor(`${title}: no delivery is open`, timeoutMs, async () => (await open()) === 0).catch((error: unknown) => {
    console.log(describeAccount(`${title} (not settled)`, accountFor(ledger, scene.sink.arrivals)));
    throw error;
  });
  const account = accountFor(ledger, scene.sink.arrivals);
  console.log(describeAccount(title, account));
  expect(account.lost).toEqual([]);
  expect(account.doubled).toEqual([]);
  expect(ledger.contradictions).toEqual([]);
  // Every sender went on until it was acknowledged, so nothing may be stored that was not.
  expect(account.acknowledged).toBe(account.sent);
  expect(account.delivered).toBe(account.acknowledged);
  expect(account.repeated.size).toBeLessThanOrEqual(repeatsMax);
  for (const times of account.repeated.values()) expect(times).toHaveLength(2);
  const stored = await countOf(scene.databaseUrl(), 'SELECT count(*) AS n FROM message');
  expect(stored - foreignMessages).toBe(account.acknowledged);
  const succeeded = await countOf(scene.databaseUrl(), `SELECT count(*) AS n FROM delivery WHERE state = 'succeeded'`);
  expect(succeeded - foreignMessages).toBe(account.delivered);
  return account;
}
