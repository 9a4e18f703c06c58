/** Asks before the deliveries to a spoke are held: what will wait, and that nothing is lost. */
import type { Spoke } from '@nave/api-schema';
import { useMutation, useQuery } from '@tanstack/react-query';
import { hub } from '../../api/client.ts';
import { useFormat } from '../../i18n/format.ts';
import { defineTexts, plural } from '../../i18n/texts.ts';
import { ConfirmDialog } from '../../parts/confirm-dialog.tsx';
import { toast } from '../../parts/toasts.tsx';
import { waitingOf } from './spoke-health.ts';
import { queueQuery, useSpokesChanged } from './use-spokes.ts';

const useTexts = defineTexts({
  en: {
    title: (name: string) => `Pause ${name}?`,
    action: (name: string) => `Pause ${name}`,
    held: (name: string) =>
      `Deliveries to ${name} are held until somebody resumes it. Nothing is lost, and messages from it are still accepted.`,
    now: (waiting: number, rate: string) =>
      waiting === 0
        ? `Nothing waits for it at the moment; it takes ${rate}.`
        : `${plural('en', waiting, { one: '# delivery waits', other: '# deliveries wait' })} for it already; it takes ${rate}.`,
    active: (n: number) =>
      plural('en', n, { one: '# delivery under way ends as it would.', other: '# deliveries under way end as they would.' }),
    done: (name: string) => `${name} is paused`,
    undo: 'Resume',
  },
  cs: {
    title: (name: string) => `Pozastavit ${name}?`,
    action: (name: string) => `Pozastavit ${name}`,
    held: (name: string) =>
      `Doručení do systému ${name} počkají, dokud ho někdo zase nespustí. Nic se neztratí a zprávy z něj se přijímají dál.`,
    now: (waiting: number, rate: string) =>
      waiting === 0
        ? `Teď na něj nic nečeká; odebírá ${rate}.`
        : `Už teď na něj ${plural('cs', waiting, { one: 'čeká # doručení', few: 'čekají # doručení', many: 'čeká # doručení', other: 'čeká # doručení' })}; odebírá ${rate}.`,
    active: (n: number) =>
      plural('cs', n, {
        one: '# odesílané doručení doběhne.',
        few: '# odesílaná doručení doběhnou.',
        other: '# odesílaných doručení doběhne.',
      }),
    done: (name: string) => `Systém ${name} je pozastaven`,
    undo: 'Spustit',
  },
});

export function PauseDialog({ spoke, onClose }: { spoke: Spoke; onClose: () => void }) {
  const t = useTexts();
  const format = useFormat();
  const changed = useSpokesChanged();
  const queue = useQuery(queueQuery(spoke.name));
  const pause = useMutation({
    mutationFn: () => hub.spokes.pause(spoke.name),
    onSuccess: async () => {
      toast(t.done(spoke.title), {
        action: {
          label: t.undo,
          run: () => void hub.spokes.resume(spoke.name).then(changed, (error: Error) => toast(error.message, { tone: 'error' })),
        },
      });
      onClose();
      await changed();
    },
  });
  return (
    <ConfirmDialog
      open
      onClose={onClose}
      title={t.title(spoke.title)}
      action={t.action(spoke.title)}
      busy={pause.isPending}
      error={pause.error}
      onConfirm={() => pause.mutate()}
    >
      <p>{t.held(spoke.title)}</p>
      {queue.data === undefined ? null : (
        <p>
          {t.now(waitingOf(queue.data) ?? 0, format.rate(queue.data.ratePerSecond))}{' '}
          {queue.data.depth.active === 0 ? '' : t.active(queue.data.depth.active)}
        </p>
      )}
    </ConfirmDialog>
  );
}
