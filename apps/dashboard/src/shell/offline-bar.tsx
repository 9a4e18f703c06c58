/** Says when what is shown may be old, because the hub cannot be reached. */
import { WifiOff } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useLive, useLiveState } from '../api/live.ts';
import { Note } from '../parts/note.tsx';
import { useShellTexts } from './shell-texts.ts';

/** A reconnection that takes less is not worth a word. */
const PATIENCE_MS = 4_000;

export function OfflineBar() {
  const t = useShellTexts();
  const state = useLiveState();
  const [lost, setLost] = useState(false);
  // Keeps the connection open on every screen, so that the state is true everywhere.
  useLive(() => undefined);
  useEffect(() => {
    if (state !== 'broken') {
      if (state === 'open') setLost(false);
      return;
    }
    const timer = window.setTimeout(() => setLost(true), PATIENCE_MS);
    return () => window.clearTimeout(timer);
  }, [state]);
  return (
    <div aria-live="polite" style={{ display: 'contents' }}>
      {lost ? (
        <Note tone="amber" icon={<WifiOff aria-hidden />}>
          {t.offline}
        </Note>
      ) : null}
    </div>
  );
}
