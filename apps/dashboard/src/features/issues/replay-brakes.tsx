/** Pause, resume and stop. */
import type { Replay } from '@nave/api-schema';
import { Pause, Play, Square } from 'lucide-react';
import { useState } from 'react';
import { Button } from '../../parts/button.tsx';
import { ConfirmDialog } from '../../parts/confirm-dialog.tsx';
import { toast } from '../../parts/toasts.tsx';
import { useReplayTexts } from './replay-texts.ts';
import { useReplayMove } from './use-replay.ts';

/** @param props.left what it has not come to */
export function ReplayBrakes({ replay, left }: { replay: Replay; left: number }) {
  const t = useReplayTexts();
  const [stopping, setStopping] = useState(false);
  const move = useReplayMove(replay.id, (moved) => {
    setStopping(false);
    toast({ pause: t.paused, resume: t.resumed, stop: t.stopped }[moved]);
  });
  const { state, mode } = replay;
  // What a replay made can be held as long as it was not sent; the others have done all they do.
  if (state === 'stopped' || (state === 'done' && mode !== 'replay')) return null;
  const failed = (error: Error) => toast(error.message, { tone: 'error' });
  return (
    <>
      {state === 'paused' ? (
        <Button
          tone="primary"
          needs="operator"
          icon={<Play aria-hidden />}
          busy={move.isPending}
          onClick={() => move.mutate('resume', { onError: failed })}
        >
          {t.resume}
        </Button>
      ) : (
        <Button
          needs="operator"
          icon={<Pause aria-hidden />}
          busy={move.isPending}
          onClick={() => move.mutate('pause', { onError: failed })}
        >
          {state === 'done' ? t.hold : t.pause}
        </Button>
      )}
      <Button tone="danger" needs="operator" icon={<Square aria-hidden />} onClick={() => setStopping(true)}>
        {t.stop}
      </Button>
      <ConfirmDialog
        open={stopping}
        onClose={() => {
          move.reset();
          setStopping(false);
        }}
        title={t.stopTitle}
        action={t.stop}
        danger
        busy={move.isPending}
        error={move.error}
        onConfirm={() => move.mutate('stop')}
      >
        <p>{t.stopMeans(mode, left)}</p>
      </ConfirmDialog>
    </>
  );
}
