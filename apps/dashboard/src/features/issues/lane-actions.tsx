/** What releases a parked lane: its blocking delivery is retried, skipped, cancelled, or decided. */
import type { Lane } from '@nave/api-schema';
import { useMutation } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Ban, Ellipsis, SkipForward } from 'lucide-react';
import { useState } from 'react';
import { hub } from '../../api/client.ts';
import { Button, buttonClass, IconButton } from '../../parts/button.tsx';
import { ConfirmDialog } from '../../parts/confirm-dialog.tsx';
import { Menu } from '../../parts/menu.tsx';
import { toast } from '../../parts/toasts.tsx';
import styles from './issues.module.css';
import { useIssueTexts } from './texts.ts';
import { useIntervened } from './use-issues.ts';

type Action = 'retry' | 'skip' | 'cancel';

export function LaneActions({ lane }: { lane: Lane }) {
  const t = useIssueTexts();
  const intervened = useIntervened();
  const [asked, setAsked] = useState<'skip' | 'cancel' | null>(null);
  const act = useMutation({
    mutationFn: (action: Action) => hub.deliveries[action](lane.blockedBy),
    onSuccess: (_, action) => {
      toast({ retry: t.retried, skip: t.skipped, cancel: t.cancelled }[action]);
      setAsked(null);
      void intervened();
    },
    onError: (error, action) => {
      if (action !== 'retry') return;
      toast(error.message, { tone: 'error' });
      void intervened();
    },
  });
  if (lane.state === 'unknown') {
    return (
      <Link to="/issues" search={{ tab: 'decisions', spoke: lane.spoke }} className={buttonClass('plain', 'small')}>
        {t.decideOne}
      </Link>
    );
  }
  return (
    <span className={styles['laneActions']}>
      <Button size="small" needs="operator" busy={act.isPending && asked === null} onClick={() => act.mutate('retry')}>
        {t.retry}
      </Button>
      <Menu
        label={lane.key}
        trigger={<IconButton size="small" label={t.more} icon={<Ellipsis aria-hidden />} />}
        items={[
          { label: t.skipDo, icon: <SkipForward aria-hidden />, needs: 'operator', onSelect: () => setAsked('skip') },
          { label: t.cancelDo, icon: <Ban aria-hidden />, needs: 'operator', danger: true, onSelect: () => setAsked('cancel') },
        ]}
      />
      {asked === null ? null : (
        <ConfirmDialog
          open
          onClose={() => {
            act.reset();
            setAsked(null);
          }}
          title={asked === 'skip' ? t.skipTitle : t.cancelTitle}
          action={asked === 'skip' ? t.skipDo : t.cancelDo}
          danger
          {...(asked === 'cancel' ? { dismiss: t.keep } : {})}
          busy={act.isPending}
          error={act.error}
          onConfirm={() => act.mutate(asked)}
        >
          <p>{asked === 'skip' ? t.skipMeans : t.cancelMeans}</p>
          <p>
            {t.laneGoesOn(lane.waiting)} {t.final}
          </p>
        </ConfirmDialog>
      )}
    </span>
  );
}
