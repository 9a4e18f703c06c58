/** Whether a media query holds, for what CSS alone cannot do, such as other elements on narrow screens. */
import { useCallback, useSyncExternalStore } from 'react';

/** @param query `(max-width: 640px)` */
export function useMedia(query: string): boolean {
  const subscribe = useCallback(
    (listener: () => void) => {
      const list = window.matchMedia(query);
      list.addEventListener('change', listener);
      return () => list.removeEventListener('change', listener);
    },
    [query],
  );
  return useSyncExternalStore(subscribe, () => window.matchMedia(query).matches);
}
