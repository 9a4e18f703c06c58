/** The delivery that is selected: how it is, why, and what a person may do about it. What is possible the API says. */
import type { Delivery, DeliveryDetail } from '@nave/api-schema';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Ban, Check, CircleHelp, RotateCw, SkipForward, X } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { hub } from '../../api/client.ts';
import { useFormat } from '../../i18n/format.ts';
import { Button } from '../../parts/button.tsx';
import { ConfirmDialog } from '../../parts/confirm-dialog.tsx';
import { ErrorNote } from '../../parts/error-note.tsx';
import { Id } from '../../parts/id.tsx';
import { Note } from '../../parts/note.tsx';
import { StateBadge, useStateWord } from '../../parts/state-badge.tsx';
import { toast } from '../../parts/toasts.tsx';
import { type DeliveryActionName, useActionTexts } from './action-texts.ts';
import { useDetailTexts } from './detail-texts.ts';
import { durationOf } from './flow-steps.ts';
import { SpokeLink } from './links.tsx';
import { Why } from './message-timeline.tsx';
import styles from './messages.module.css';
import { ResolveDialog } from './resolve-dialog.tsx';
import { deliveryQuery } from './use-message.ts';

const ICONS: Readonly<Record<DeliveryActionName, ReactNode>> = {
  retry: <RotateCw aria-hidden />,
  skip: <SkipForward aria-hidden />,
  cancel: <Ban aria-hidden />,
  approve: <Check aria-hidden />,
  reject: <X aria-hidden />,
};
const DANGER: readonly string[] = ['cancel', 'reject', 'skip'];
const MAIN: readonly string[] = ['retry', 'approve'];

export function DeliveryPanel({ delivery }: { delivery: Delivery }) {
  const t = useDetailTexts();
  const format = useFormat();
  const { data, error, refetch } = useQuery(deliveryQuery(delivery.id));
  const { spoke, operation, step } = delivery;
  const durationMs = durationOf(delivery);
  return (
    <section className={styles['delivery']} aria-label={`${t.delivery}: ${t.to(step, spoke)}`}>
      <div className={styles['sectionHead']}>
        <h3>
          {step} → <SpokeLink name={spoke} /> <span className="soft">{operation}</span>
        </h3>
        <StateBadge state={delivery.state} />
      </div>
      <div className={styles['eventText']}>
        <Id id={delivery.id} short />
        {durationMs === null ? null : <span className="soft numbers">{format.span(durationMs)}</span>}
        <Why delivery={delivery} />
      </div>
      {error === null ? null : <ErrorNote error={error} onRetry={() => void refetch()} />}
      {data === undefined ? null : <Actions delivery={data} />}
    </section>
  );
}

function Actions({ delivery }: { delivery: DeliveryDetail }) {
  const t = useActionTexts();
  const [asked, setAsked] = useState<DeliveryActionName | null>(null);
  const [resolving, setResolving] = useState<'done' | 'notDone' | null>(null);
  const act = useDeliveryChange(delivery);
  const stateWord = useStateWord();
  const { actions, choices, spoke, operation } = delivery;
  const possible = actions.filter((action) => action !== 'resolve');
  const changed = asked !== null && !possible.includes(asked) ? t.changed(stateWord(delivery.state)) : null;
  const late = resolving !== null && !choices.includes(resolving) ? t.changed(stateWord(delivery.state)) : null;
  // A dialog that is open stays: it says what has changed under it.
  if (possible.length === 0 && choices.length === 0 && asked === null && resolving === null) return null;
  const close = () => {
    setAsked(null);
    act.reset();
  };
  const words = asked === null ? null : t.actions[asked];
  return (
    <div className={styles['buttons']}>
      {choices.map((choice) => (
        <Button
          key={choice}
          needs="operator"
          size="small"
          icon={choice === 'done' ? <Check aria-hidden /> : <CircleHelp aria-hidden />}
          onClick={() => setResolving(choice)}
        >
          {t.resolve[choice]}
        </Button>
      ))}
      {possible.map((action) => (
        <Button
          key={action}
          needs="operator"
          size="small"
          tone={MAIN.includes(action) ? 'primary' : 'plain'}
          icon={ICONS[action]}
          onClick={() => setAsked(action)}
        >
          {t.actions[action].button}
        </Button>
      ))}
      <ConfirmDialog
        open={asked !== null}
        onClose={close}
        title={words?.title ?? ''}
        action={words?.button ?? ''}
        danger={asked !== null && DANGER.includes(asked)}
        {...(asked === 'cancel' ? { dismiss: t.keep } : {})}
        busy={act.isPending}
        error={act.error}
        disabledReason={changed}
        onConfirm={() => {
          if (asked === null || words === null) return;
          act.mutate({ run: (id) => hub.deliveries[asked](id), done: words.done }, { onSuccess: close });
        }}
      >
        <p>
          {words?.happens(spoke, operation)} {t.audited}
        </p>
        {changed === null || act.error !== null ? null : <Note tone="amber">{changed}</Note>}
      </ConfirmDialog>
      {resolving === null ? null : (
        <ResolveDialog
          delivery={delivery}
          outcome={resolving}
          changed={late}
          onClose={() => {
            setResolving(null);
            act.reset();
          }}
          busy={act.isPending}
          error={act.error}
          onResolve={(output) =>
            act.mutate(
              {
                run: (id) => hub.deliveries.resolve(id, output === undefined ? { outcome: resolving } : { outcome: resolving, output }),
                done: resolving === 'done' ? t.resolve.doneToast : t.resolve.notDoneToast,
              },
              { onSuccess: () => setResolving(null) },
            )
          }
        />
      )}
    </div>
  );
}

/** Changes a delivery; when that is refused because it has changed meanwhile, what it is now is read. */
function useDeliveryChange({ id, messageId }: DeliveryDetail) {
  const t = useActionTexts();
  const queries = useQueryClient();
  const navigate = useNavigate();
  return useMutation({
    mutationFn: ({ run }: { run: (id: string) => Promise<DeliveryDetail>; done: string }) => run(id),
    onSuccess(changed, { done }) {
      queries.setQueryData(deliveryQuery(id).queryKey, changed);
      toast(done, {
        action: { label: t.show, run: () => void navigate({ to: '/messages/$id', params: { id: messageId }, search: { delivery: id } }) },
      });
    },
    async onSettled() {
      await Promise.all(
        ['messages', 'deliveries', 'queues', 'lanes', 'issues'].map((key) => queries.invalidateQueries({ queryKey: [key] })),
      );
    },
  });
}
