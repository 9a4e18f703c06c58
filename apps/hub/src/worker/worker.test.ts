import { type BellEntry, type BellListener, HubError } from '@nave/core';
import { recordingBell, recordingLogger } from '@nave/testkit';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createWorker, type Worker } from './worker.ts';

const DUE: BellEntry = { spoke: 'erp', deliveryId: 'due' };
const WAITING: BellEntry = { spoke: 'erp', deliveryId: 'waiting' };
const TICKET: BellEntry = { spoke: 'erp', deliveryId: 'ticket' };

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

function set({ leads = true, due = async () => [DUE] }: { leads?: boolean; due?: () => Promise<BellEntry[]> } = {}) {
  const offered: string[] = [];
  const steps: string[] = [];
  const bell = recordingBell();
  let hear: (entries: readonly BellEntry[]) => void = () => undefined;
  let heard = true;
  const listener: BellListener = {
    async start(onTicket) {
      hear = onTicket;
    },
    ...{ healthy: () => heard, lastTicketAt: () => null },
    close: async () => void steps.push('listener'),
  };
  const logger = recordingLogger();
  const setHeard = (value: boolean) => {
    heard = value;
  };
  const worker: Worker = createWorker({
    ...{ bell, listener, logger },
    dispatcher: {
      offer: (entries) => void offered.push(...entries.map(({ deliveryId }) => deliveryId)),
      ...{
        active: () => 0,
        backlog: () => ({ ready: 0, rung: 0, inOrder: 0 }),
        ready: () => 0,
        offerTurns: () => undefined,
        probe: async () => false,
      },
      takeOver: { owner: 'me', leaseMs: 1, reserve: () => false, release: () => undefined, begin: () => undefined },
      stop: async (patienceMs) => void steps.push(`dispatcher ${patienceMs}`),
    },
    sweep: { due, recover: async () => void steps.push('recover'), tidy: async () => void steps.push('tidy') },
    leadership: { lead: async () => leads, close: async () => void steps.push('leadership') },
    store: { waiting: async () => [WAITING] },
  });
  return { worker, offered, steps, bell, logger, ring: () => hear([TICKET]), setHeard };
}

describe('the worker', () => {
  it('passes tickets on at once', async () => {
    const { worker, offered, ring } = set({ leads: false });
    await worker.start();
    ring();
    expect(offered).toEqual(['ticket']);
    await worker.stop(0);
  });

  it('sweeps while it leads: due every turn, recovery every second, tidying every minute', async () => {
    const { worker, offered, steps } = set();
    await worker.start();
    await vi.advanceTimersByTimeAsync(250 * 4);
    expect(offered).toEqual(['due', 'due', 'due', 'due']);
    expect(steps).toEqual(['recover', 'tidy']);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(steps.filter((step) => step === 'tidy')).toHaveLength(2);
    expect(steps.filter((step) => step === 'recover').length).toBeGreaterThan(55);
    await worker.stop(0);
  });

  it('does not sweep while another process leads', async () => {
    const { worker, offered, steps } = set({ leads: false });
    await worker.start();
    await vi.advanceTimersByTimeAsync(2_000);
    expect([offered, steps]).toEqual([[], []]);
    await worker.stop(0);
  });

  it('looks for itself while the queue cannot be rung or heard, also without leading', async () => {
    const { worker, offered, bell, setHeard } = set({ leads: false });
    await worker.start();
    bell.setHealthy(false);
    await vi.advanceTimersByTimeAsync(250);
    expect(offered).toEqual(['waiting']);
    bell.setHealthy(true);
    setHeard(false);
    await vi.advanceTimersByTimeAsync(250);
    expect(offered).toEqual(['waiting', 'waiting']);
    setHeard(true);
    await vi.advanceTimersByTimeAsync(250);
    expect(offered).toHaveLength(2);
    await worker.stop(0);
  });

  it('goes on after a turn that failed, and shows progress', async () => {
    const turns = [new HubError('store.unavailable'), null];
    const { worker, offered, logger } = set({
      due: async () => {
        const error = turns.shift();
        if (error) throw error;
        return [DUE];
      },
    });
    await worker.start();
    await vi.advanceTimersByTimeAsync(250);
    expect([offered, logger.lines.map(({ level }) => level)]).toEqual([[], ['warn']]);
    await vi.advanceTimersByTimeAsync(250);
    expect(offered).toEqual(['due']);
    expect(performance.now() - worker.lastTurnAt()).toBeLessThan(250);
    await worker.stop(0);
  });

  it('takes leases back and looks for itself although another part of the turn fails again and again', async () => {
    const { worker, offered, steps, bell } = set({ due: () => Promise.reject(new HubError('hub.internal')) });
    await worker.start();
    bell.setHealthy(false);
    await vi.advanceTimersByTimeAsync(250);
    expect([offered, steps]).toEqual([['waiting'], ['recover', 'tidy']]);
    await worker.stop(0);
  });

  it('stops in order: the turn, the lead, the ear, then what is under way', async () => {
    const { worker, steps, offered } = set();
    await worker.start();
    await worker.stop(7);
    expect(steps).toEqual(['leadership', 'listener', 'dispatcher 7']);
    await vi.advanceTimersByTimeAsync(5_000);
    expect(offered).toEqual([]);
  });
});
