/** Switches a spoke off or on: what that means for what it sends and what is sent to it. */
import type { Spoke } from '@nave/api-schema';
import { useMutation, useQuery } from '@tanstack/react-query';
import { hub } from '../../api/client.ts';
import { defineTexts, plural } from '../../i18n/texts.ts';
import { ConfirmDialog } from '../../parts/confirm-dialog.tsx';
import { toast } from '../../parts/toasts.tsx';
import { sendsMessages, waitingOf } from './spoke-health.ts';
import { queueQuery, useSpokesChanged } from './use-spokes.ts';

const useTexts = defineTexts({
  en: {
    disable: (name: string) => `Disable ${name}`,
    enable: (name: string) => `Enable ${name}`,
    off: 'Deliveries to it wait until it is enabled again.',
    offInbound: 'Its webhooks are answered with 404: what it sends meanwhile does not reach the hub. To go on accepting, pause it instead.',
    on: 'It sends and takes again.',
    waiting: (n: number) => plural('en', n, { one: '# delivery waits for it.', other: '# deliveries wait for it.' }),
    disabled: (name: string) => `${name} is disabled`,
    enabled: (name: string) => `${name} is enabled`,
  },
  cs: {
    disable: (name: string) => `Vypnout ${name}`,
    enable: (name: string) => `Zapnout ${name}`,
    off: 'Doručení do něj počkají, dokud ho někdo zase nezapne.',
    offInbound: 'Na jeho webhooky odpoví hub 404: co mezitím pošle, k hubu nedojde. Chcete-li dál přijímat, raději ho pozastavte.',
    on: 'Bude zase posílat a odebírat.',
    waiting: (n: number) =>
      plural('cs', n, { one: 'Čeká na něj # doručení.', few: 'Čekají na něj # doručení.', other: 'Čeká na něj # doručení.' }),
    disabled: (name: string) => `Systém ${name} je vypnut`,
    enabled: (name: string) => `Systém ${name} je zapnut`,
  },
});

export function DisableDialog({ spoke, onClose }: { spoke: Spoke; onClose: () => void }) {
  const t = useTexts();
  const changed = useSpokesChanged();
  const queue = useQuery(queueQuery(spoke.name));
  const off = spoke.enabled;
  const change = useMutation({
    mutationFn: () => hub.spokes.patch(spoke.name, { enabled: !off }, { version: spoke.version }),
    onSuccess: async () => {
      toast(off ? t.disabled(spoke.title) : t.enabled(spoke.title));
      onClose();
      await changed();
    },
    onError: () => void changed(),
  });
  const waiting = waitingOf(queue.data) ?? 0;
  const words = off ? t.disable(spoke.title) : t.enable(spoke.title);
  return (
    <ConfirmDialog
      open
      onClose={onClose}
      title={`${words}?`}
      action={words}
      danger={off}
      busy={change.isPending}
      error={change.error}
      onConfirm={() => change.mutate()}
    >
      <p>{off ? t.off : t.on}</p>
      {off && sendsMessages(spoke) ? <p>{t.offInbound}</p> : null}
      {waiting === 0 ? null : <p>{t.waiting(waiting)}</p>}
    </ConfirmDialog>
  );
}
