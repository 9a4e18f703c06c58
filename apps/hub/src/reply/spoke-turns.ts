/**
 * The turns of calls at spokes: the same gates as deliveries pass, and one more among them that lets waiting calls go first, since somebody waits for
 * their answer. Both count in the same places, so that a spoke's limits hold for both together.
 */
import type { SpokeGate } from '@nave/core';
import type { Hold, TurnAnswer, Turns } from '@nave/pipeline';
import { allGates } from '../worker/gates/all-gates.ts';

export interface SpokeTurnsDeps {
  /** The gates of deliveries, without the one that is made here. */
  gates: readonly SpokeGate[];
  hold: (spoke: string) => Hold | null;
}

export interface SpokeTurns extends Turns {
  /** Stands before the other gates of the dispatcher: deliveries leave room to calls that wait, and tell when they end. */
  gate: SpokeGate;
  /** Calls that wait for their turn. */
  waiting(): number;
}

interface Waiter {
  grant: (answer: TurnAnswer) => void;
}

interface Line {
  waiters: Set<Waiter>;
  /** Calls under way. */
  active: number;
  /** Deliveries of the dispatcher under way. */
  others: number;
}

export function createSpokeTurns({ gates, hold }: SpokeTurnsDeps): SpokeTurns {
  const below = allGates(gates);
  const lines = new Map<string, Line>();
  const listeners: ((spoke: string) => void)[] = [];

  function lineOf(spoke: string): Line {
    const known = lines.get(spoke);
    if (known !== undefined) return known;
    const line: Line = { waiters: new Set(), active: 0, others: 0 };
    lines.set(spoke, line);
    return line;
  }

  function tidy(spoke: string, line: Line): void {
    if (line.waiters.size === 0 && line.active === 0 && line.others === 0) lines.delete(spoke);
  }

  function start(spoke: string, line: Line): TurnAnswer {
    below.started(spoke, 1);
    line.active += 1;
    let ended = false;
    return {
      kind: 'turn',
      end() {
        if (ended) return;
        ended = true;
        line.active -= 1;
        below.ended(spoke, 1);
        go(spoke);
        for (const listener of listeners) listener(spoke);
        tidy(spoke, line);
      },
    };
  }

  /** Gives turns to those who wait, oldest first, as far as there is room. */
  function go(spoke: string): void {
    const line = lines.get(spoke);
    if (line === undefined || line.waiters.size === 0) return;
    const keptBack = hold(spoke);
    const room = keptBack === null ? below.room(spoke, line.waiters.size, line.active + line.others) : 0;
    let left = room;
    for (const waiter of line.waiters) {
      if (keptBack !== null && keptBack.why !== 'patience') waiter.grant({ kind: 'held', forMs: keptBack.forMs });
      else if (left > 0) {
        left -= 1;
        waiter.grant(start(spoke, line));
      } else break;
    }
  }

  below.onRoom(go);

  return {
    hold,
    take(spoke, leftMs, signal) {
      const keptBack = hold(spoke);
      if (keptBack !== null && (keptBack.why !== 'patience' || keptBack.forMs >= leftMs))
        return Promise.resolve({ kind: 'held', forMs: keptBack.forMs });
      if (signal.aborted) return Promise.resolve({ kind: 'left' });
      const line = lineOf(spoke);
      if (keptBack === null && line.waiters.size === 0 && below.room(spoke, 1, line.active + line.others) > 0)
        return Promise.resolve(start(spoke, line));
      return new Promise((resolve) => {
        const again = keptBack === null ? undefined : setTimeout(go, keptBack.forMs + 1, spoke);
        const grant = (answer: TurnAnswer) => {
          line.waiters.delete(waiter);
          clearTimeout(again);
          signal.removeEventListener('abort', leave);
          tidy(spoke, line);
          resolve(answer);
        };
        const leave = () => grant({ kind: 'left' });
        const waiter: Waiter = { grant };
        line.waiters.add(waiter);
        signal.addEventListener('abort', leave);
        // What is short was asked for by `room`: `onRoom` tells when it is there.
        go(spoke);
      });
    },
    waiting() {
      let count = 0;
      for (const { waiters } of lines.values()) count += waiters.size;
      return count;
    },
    gate: {
      room: (spoke, wanted) => Math.max(0, wanted - (lines.get(spoke)?.waiters.size ?? 0)),
      started(spoke, count) {
        lineOf(spoke).others += count;
      },
      ended(spoke, count) {
        const line = lineOf(spoke);
        line.others = Math.max(0, line.others - count);
        // After the gates behind this one have counted it too.
        if (line.waiters.size > 0) queueMicrotask(() => go(spoke));
        else tidy(spoke, line);
      },
      onRoom: (listener) => void listeners.push(listener),
      close: async () => undefined,
    },
  };
}
