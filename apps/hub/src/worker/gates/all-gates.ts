/** Several gates in a row as one: each is asked for what those before it gave. What sells something (a rate) comes last. */
import type { SpokeGate } from '@nave/core';

export function allGates(gates: readonly SpokeGate[]): SpokeGate {
  return {
    room(spoke, wanted, active) {
      let room = wanted;
      for (const gate of gates) {
        if (room <= 0) return 0;
        room = Math.min(room, gate.room(spoke, room, active));
      }
      return Math.max(0, room);
    },
    started(spoke, count) {
      for (const gate of gates) gate.started(spoke, count);
    },
    ended(spoke, count) {
      for (const gate of gates) gate.ended(spoke, count);
    },
    unused(spoke, count) {
      for (const gate of gates) gate.unused?.(spoke, count);
    },
    onRoom(listener) {
      for (const gate of gates) gate.onRoom(listener);
    },
    async close() {
      await Promise.all(gates.map((gate) => gate.close()));
    },
  };
}
