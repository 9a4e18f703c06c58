/** A bell that only remembers: who was rung, in order. */
import type { Bell, BellEntry } from '@nave/core';

export interface RecordingBell extends Bell {
  rung: BellEntry[];
  setHealthy(healthy: boolean): void;
}

export function recordingBell(): RecordingBell {
  const rung: BellEntry[] = [];
  let healthy = true;
  return {
    rung,
    ring: (entries) => void rung.push(...entries),
    healthy: () => healthy,
    setHealthy(value) {
      healthy = value;
    },
    close: async () => undefined,
  };
}
