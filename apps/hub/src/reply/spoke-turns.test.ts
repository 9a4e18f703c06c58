import type { SpokeGate } from '@nave/core';
import type { Hold } from '@nave/pipeline';
import { describe, expect, it } from 'vitest';
import { createSpokeTurns } from './spoke-turns.ts';

/** A gate with so many places in all. */
function limited(limit: number) {
  const state = { active: 0, listeners: [] as ((spoke: string) => void)[] };
  const gate: SpokeGate = {
    room: (_spoke, wanted) => Math.max(0, Math.min(wanted, limit - state.active)),
    started(_spoke, count) {
      state.active += count;
    },
    ended(_spoke, count) {
      state.active -= count;
    },
    onRoom: (listener) => void state.listeners.push(listener),
    close: async () => undefined,
  };
  return { gate, state };
}

function turnsOf(limit: number) {
  const held: { value: Hold | null } = { value: null };
  const { gate, state } = limited(limit);
  const turns = createSpokeTurns({ gates: [gate], hold: () => held.value });
  const alive = new AbortController();
  return { turns, state, held, take: (signal = alive.signal) => turns.take('erp', 1_000, signal) };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('turns at a spoke', () => {
  it('are given within its limits, to those who wait longest first', async () => {
    const { take, state, turns } = turnsOf(1);
    const first = await take();
    const order: number[] = [];
    const waiting = [take(), take()].map(async (turn, n) => {
      const answer = await turn;
      order.push(n);
      return answer;
    });
    await settled();
    expect([order, turns.waiting(), state.active]).toEqual([[], 2, 1]);
    if (first.kind === 'turn') first.end();
    const second = await waiting[0];
    expect(order).toEqual([0]);
    if (second?.kind === 'turn') second.end();
    await waiting[1];
    expect([order, turns.waiting(), state.active]).toEqual([[0, 1], 0, 1]);
  });

  it('go before those of deliveries, which make room when they end', async () => {
    const { take, turns, state } = turnsOf(1);
    // A delivery of the dispatcher: through the gate of calls and the one below.
    turns.gate.started('erp', 1);
    state.active += 1;
    const waits = take();
    await settled();
    expect(turns.gate.room('erp', 3, 1)).toBe(2);
    const told: string[] = [];
    turns.gate.onRoom((spoke) => told.push(spoke));
    turns.gate.ended('erp', 1);
    state.active -= 1;
    const turn = await waits;
    expect(turn.kind).toBe('turn');
    if (turn.kind === 'turn') {
      turn.end();
      turn.end();
    }
    expect([told, state.active]).toEqual([['erp'], 0]);
  });

  it('are not waited for by who has gone', async () => {
    const { take, turns } = turnsOf(0);
    const gone = new AbortController();
    const waits = take(gone.signal);
    gone.abort();
    expect(await waits).toEqual({ kind: 'left' });
    expect(turns.waiting()).toBe(0);
    expect(await take(AbortSignal.abort())).toEqual({ kind: 'left' });
  });

  it('are refused at once while the spoke is closed, also to those who wait when it closes', async () => {
    const { take, held, turns, state } = turnsOf(1);
    const first = await take();
    const waits = take();
    held.value = { why: 'closed', forMs: 500 };
    expect(await take()).toEqual({ kind: 'held', forMs: 500 });
    if (first.kind === 'turn') first.end();
    expect(await waits).toEqual({ kind: 'held', forMs: 500 });
    expect([turns.waiting(), state.active]).toEqual([0, 0]);
  });

  it('wait out a moment of patience that fits into the time, and no longer one', async () => {
    const { take, held } = turnsOf(1);
    held.value = { why: 'patience', forMs: 5_000 };
    expect(await take()).toEqual({ kind: 'held', forMs: 5_000 });
    held.value = { why: 'patience', forMs: 5 };
    const waits = take();
    held.value = null;
    expect((await waits).kind).toBe('turn');
  });
});
