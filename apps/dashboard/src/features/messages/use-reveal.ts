/** What a message carried, shown for a while to those who may see it. It is never kept in the cache. */
import type { MessagePayload } from '@nave/api-schema';
import { useEffect, useRef, useState } from 'react';
import { hub } from '../../api/client.ts';

/** Nobody leaves it open on an unattended screen. */
const SHOWN_MS = 5 * 60_000;

export interface Reveal {
  payload: MessagePayload | null;
  busy: boolean;
  error: Error | null;
  /** Reads it; the hub writes that to the audit first. Gives null when that fails. */
  reveal: () => Promise<MessagePayload | null>;
  hide: () => void;
}

/** Keep the component keyed by the message, so that nothing of another one stays. */
export function useReveal(messageId: string): Reveal {
  const [state, setState] = useState<Pick<Reveal, 'payload' | 'busy' | 'error'>>({ payload: null, busy: false, error: null });
  const timer = useRef<number | null>(null);
  const stop = () => {
    if (timer.current !== null) window.clearTimeout(timer.current);
    timer.current = null;
  };
  const hide = () => {
    stop();
    setState({ payload: null, busy: false, error: null });
  };
  useEffect(
    () => () => {
      if (timer.current !== null) window.clearTimeout(timer.current);
    },
    [],
  );
  return {
    ...state,
    hide,
    async reveal() {
      setState({ payload: null, busy: true, error: null });
      try {
        const payload = await hub.messages.payload(messageId);
        setState({ payload, busy: false, error: null });
        stop();
        timer.current = window.setTimeout(hide, SHOWN_MS);
        return payload;
      } catch (error) {
        setState({ payload: null, busy: false, error: error instanceof Error ? error : new Error(String(error)) });
        return null;
      }
    },
  };
}
