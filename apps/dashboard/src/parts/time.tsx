/** Moments and spans: relative in the text, exact with zone on hover. */
import { useSyncExternalStore } from 'react';
import { useFormat } from '../i18n/format.ts';

const TICK_MS = 1_000;
const listeners = new Set<() => void>();
let nowMs = Date.now();
let timer: number | null = null;

/** The present moment, a new one every second for all who look. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, () => nowMs);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= window.setInterval(() => {
    nowMs = Date.now();
    for (const each of listeners) each();
  }, TICK_MS);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0 || timer === null) return;
    window.clearInterval(timer);
    timer = null;
  };
}

/** @param props.show `relative` (default), `clock` (14:03:27) or `exact` */
export function Time({ at, show = 'relative' }: { at: string | null; show?: 'relative' | 'clock' | 'exact' }) {
  if (at === null) return <span className="soft">–</span>;
  return show === 'relative' ? <RelativeTime at={at} /> : <FixedTime at={at} show={show} />;
}

function RelativeTime({ at }: { at: string }) {
  const format = useFormat();
  const now = useNow();
  return (
    <time dateTime={at} title={format.exact(at)}>
      {format.relative(at, now)}
    </time>
  );
}

function FixedTime({ at, show }: { at: string; show: 'clock' | 'exact' }) {
  const format = useFormat();
  return (
    <time dateTime={at} title={format.exact(at)} className="numbers">
      {show === 'clock' ? format.clock(at) : format.exact(at)}
    </time>
  );
}
