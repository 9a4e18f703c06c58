/** What a bell and its listener must do on every queue backend. */
import type { Bell, BellEntry, BellListener } from '@nave/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

export interface BellUnderTest {
  bell: Bell;
  /** A listener of its own process: connects when started. */
  listener(): BellListener;
  /** Puts a job with any payload where tickets go. */
  addRaw(payload: unknown): Promise<void>;
  /** Payloads that wait in the queue, as they are stored. */
  stored(): Promise<string[]>;
  /** Takes the backend away from bell and listeners, and gives it back. */
  cut(): void;
  restore(): void;
  /** Deletes everything the backend holds. */
  wipe(): Promise<void>;
  /** May be called twice. */
  close(): Promise<void>;
}

const sockets = () => process.getActiveResourcesInfo().filter((name) => name === 'TCPSocketWrap').length;
const ARRIVES = { timeout: 30_000, interval: 10 };

/** Runs the suite; call it at the top level of a test file. */
export function describeBellContract(name: string, open: () => Promise<BellUnderTest>): void {
  describe(`the bell on ${name}`, () => {
    let under: BellUnderTest;
    let before = 0;
    let listeners: BellListener[] = [];
    let heard: BellEntry[] = [];
    let tickets: (readonly BellEntry[])[] = [];

    beforeEach(async () => {
      heard = [];
      tickets = [];
      before = sockets();
      under = await open();
    });
    afterEach(async () => {
      await Promise.all(listeners.splice(0).map((listener) => listener.close()));
      await under.close();
    });

    async function listen(): Promise<BellListener> {
      const listener = under.listener();
      listeners = [...listeners, listener];
      await listener.start((entries) => {
        tickets.push(entries);
        heard.push(...entries);
      });
      return listener;
    }

    const entries = (count: number, spoke = 'erp'): BellEntry[] =>
      Array.from({ length: count }, (_, n) => ({ spoke, deliveryId: `${spoke}-${n}` }));
    const distinct = () => new Set(heard.map(({ deliveryId }) => deliveryId));

    it('is heard at least once for everything rung, also for what was rung before anybody listened', async () => {
      under.bell.ring(entries(3, 'early'));
      const listener = await listen();
      under.bell.ring(entries(120));
      under.bell.ring(entries(1, 'crm'));
      await expect.poll(() => distinct().size, ARRIVES).toBe(124);
      expect(heard).toContainEqual({ spoke: 'crm', deliveryId: 'crm-0' });
      expect(under.bell.healthy()).toBe(true);
      expect(listener.healthy()).toBe(true);
      expect(listener.lastTicketAt()).not.toBeNull();
    });

    it('carries many rings in few tickets, none with more than fifty ids', async () => {
      await listen();
      for (const entry of entries(500)) under.bell.ring([entry]);
      await expect.poll(() => distinct().size, ARRIVES).toBe(500);
      const full = tickets.filter(({ length }) => length > 0);
      expect(Math.max(...full.map(({ length }) => length))).toBeLessThanOrEqual(50);
      expect(full.length).toBeLessThan(100);
    });

    it('puts ids into the queue and nothing else', async () => {
      under.bell.ring(entries(2));
      await expect.poll(async () => (await under.stored()).length, ARRIVES).toBe(1);
      const [payload = ''] = await under.stored();
      expect(JSON.parse(payload)).toEqual({
        v: 1,
        d: [
          ['erp', 'erp-0'],
          ['erp', 'erp-1'],
        ],
      });
    });

    it('goes on after a poisoned ticket', async () => {
      await listen();
      for (const poison of [null, 7, 'x', [], {}, { v: 2, d: [['a', 'b']] }, { v: 1, d: 'x' }, { v: 1, d: [['a'], 3, null, [1, 2]] }])
        await under.addRaw(poison);
      under.bell.ring(entries(1));
      await expect.poll(() => distinct().size, ARRIVES).toBe(1);
      await expect.poll(() => under.stored(), ARRIVES).toEqual([]);
    });

    it('never throws while the backend is away, says so, and is heard when it is back', async () => {
      const listener = await listen();
      under.bell.ring(entries(1, 'before'));
      await expect.poll(() => distinct().size, ARRIVES).toBe(1);
      under.cut();
      await expect
        .poll(() => {
          under.bell.ring(entries(10, 'lost'));
          return [under.bell.healthy(), listener.healthy()];
        }, ARRIVES)
        .toEqual([false, false]);
      under.restore();
      await expect.poll(() => under.bell.healthy(), ARRIVES).toBe(true);
      await expect
        .poll(() => {
          under.bell.ring(entries(1, 'after'));
          return distinct().has('after-0') && listener.healthy();
        }, ARRIVES)
        .toBe(true);
    });

    it('closes in time while the backend is away', async () => {
      await listen();
      under.cut();
      under.bell.ring(entries(1));
    });

    it('leaves no socket behind when it is closed', async () => {
      await listen();
      under.bell.ring(entries(1));
      await expect.poll(() => distinct().size, ARRIVES).toBe(1);
      const open = sockets();
      await Promise.all(listeners.splice(0).map((listener) => listener.close()));
      await under.bell.close();
      await under.close();
      expect(open).toBeGreaterThan(0);
      await expect.poll(sockets, ARRIVES).toBeLessThanOrEqual(before);
    });

    it('spreads tickets over all who listen', async () => {
      await listen();
      await listen();
      for (let round = 0; round < 20; round++) under.bell.ring(entries(50, `s${round}`));
      await expect.poll(() => distinct().size, ARRIVES).toBe(1_000);
    });

    it('is heard again after everything the backend held is gone', async () => {
      await listen();
      under.bell.ring(entries(1, 'before'));
      await expect.poll(() => distinct().size, ARRIVES).toBe(1);
      await under.wipe();
      await expect
        .poll(() => {
          under.bell.ring(entries(1, 'after'));
          return distinct().size;
        }, ARRIVES)
        .toBe(2);
    });

    it('closes without a word, more than once, and rings after that are dropped', async () => {
      const listener = await listen();
      await under.bell.close();
      await under.bell.close();
      under.bell.ring(entries(1));
      await listener.close();
      await listener.close();
    });
  });
}
