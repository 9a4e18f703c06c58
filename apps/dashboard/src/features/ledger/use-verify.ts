/** Counts a stretch of time again, piece by piece, until its end or until somebody stops it. */
import type { LedgerDifference } from '@nave/api-schema';
import { useMutation } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { hub } from '../../api/client.ts';

export interface Verification {
  ok: boolean;
  runs: number;
  messages: number;
  differences: readonly LedgerDifference[];
  /** Counted up to here; null before the first piece. */
  until: string | null;
  /** Somebody ended it before its end. */
  stopped: boolean;
}

const NOTHING: Verification = { ok: true, runs: 0, messages: 0, differences: [], until: null, stopped: false };
/** A bound, however the hub cuts the time into pieces. */
const PIECES_MAX = 100_000;
const DIFFERENCES_MAX = 200;

export function useVerify() {
  const [progress, setProgress] = useState<Verification>(NOTHING);
  const stop = useRef(false);
  useEffect(
    () => () => {
      stop.current = true;
    },
    [],
  );
  const run = useMutation({
    mutationFn: async (from: string | undefined): Promise<Verification> => {
      stop.current = false;
      let sum = NOTHING;
      setProgress(sum);
      let pieces = 0;
      for await (const verdict of hub.ledger.verify(from)) {
        sum = {
          ok: sum.ok && verdict.ok,
          runs: sum.runs + verdict.runs.found,
          messages: sum.messages + verdict.messages.found,
          differences: [...sum.differences, ...verdict.differences].slice(0, DIFFERENCES_MAX),
          until: verdict.next ?? verdict.to,
          stopped: (stop.current || ++pieces >= PIECES_MAX) && verdict.next !== null,
        };
        setProgress(sum);
        if (sum.stopped) break;
      }
      return sum;
    },
  });
  return {
    run,
    progress,
    stop: () => {
      stop.current = true;
    },
  };
}
