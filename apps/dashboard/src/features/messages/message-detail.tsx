/** A message beside the list: its story, its way, everything that happened, what it carried, and what may be done about it. */
import type { Delivery, Message } from '@nave/api-schema';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { Pencil, RotateCcw, Route } from 'lucide-react';
import { useEffect, useMemo, useState } from 'react';
import { Button } from '../../parts/button.tsx';
import { ErrorNote } from '../../parts/error-note.tsx';
import { Menu } from '../../parts/menu.tsx';
import { Skeleton, SkeletonRows } from '../../parts/skeleton.tsx';
import { SlideOver } from '../../parts/slide-over.tsx';
import { StateBadge } from '../../parts/state-badge.tsx';
import { Tabs } from '../../parts/tabs.tsx';
import { useActionTexts } from './action-texts.ts';
import { AttemptsTab } from './attempts-tab.tsx';
import { DeliveryPanel } from './delivery-panel.tsx';
import { useDetailTexts } from './detail-texts.ts';
import { EditedReplayDialog } from './edited-replay-dialog.tsx';
import { MessageFacts, MessageStory } from './message-story.tsx';
import { MessageTimeline } from './message-timeline.tsx';
import styles from './messages.module.css';
import { HeadersTab, MappedTab, PayloadTab, RawTab } from './payload-tabs.tsx';
import { ReplayDialog } from './replay-dialog.tsx';
import { presentDeliveries, runsOf } from './runs.ts';
import { StepStrips } from './step-strip.tsx';
import { useMessage } from './use-message.ts';
import { useReveal } from './use-reveal.ts';

/** Which delivery is shown when none was chosen: the one that needs a person most. */
const URGENT: readonly Delivery['state'][] = ['unknown', 'dead', 'held', 'retrying', 'active', 'pending'];

export function MessageDetail() {
  const { id } = useParams({ from: '/messages/$id' });
  return <Detail key={id} id={id} />;
}

function Detail({ id }: { id: string }) {
  const t = useDetailTexts();
  const navigate = useNavigate();
  const { data: message, error, refetch } = useMessage(id);
  const [replaying, setReplaying] = useState<'plain' | 'edited' | null>(null);
  const type = message?.type;
  useEffect(() => {
    document.title = `${type ?? t.message} · Nave`;
  }, [type, t.message]);
  const close = () => void navigate({ to: '/messages', search: ({ tab: _tab, delivery: _delivery, ...search }) => search });
  return (
    <SlideOver
      label={message === undefined ? t.message : `${t.message} ${message.type}`}
      of={id}
      onClose={close}
      heading={
        message === undefined ? (
          <h2>{t.message}</h2>
        ) : (
          <div className={styles['heading']}>
            <h2>{message.type}</h2>
            <StateBadge state={message.state} />
          </div>
        )
      }
      actions={
        message === undefined ? null : (
          <ReplayMenu onReplay={setReplaying} onRoute={() => void navigate({ to: '/routes/new', search: { message: id } })} />
        )
      }
    >
      <div className={styles['detail']}>
        {error === null ? null : <ErrorNote error={error} onRetry={() => void refetch()} />}
        {message === undefined ? error === null ? <Loading /> : null : <Content message={message} />}
      </div>
      {message === undefined || replaying !== 'plain' ? null : <ReplayDialog message={message} onClose={() => setReplaying(null)} />}
      {message === undefined || replaying !== 'edited' ? null : <EditedReplayDialog message={message} onClose={() => setReplaying(null)} />}
    </SlideOver>
  );
}

function ReplayMenu({ onReplay, onRoute }: { onReplay: (how: 'plain' | 'edited') => void; onRoute: () => void }) {
  const t = useActionTexts();
  return (
    <Menu
      trigger={
        <Button size="small" icon={<RotateCcw aria-hidden />}>
          {t.replay.button}
        </Button>
      }
      label={t.replay.menu}
      items={[
        { label: t.replay.plain, icon: <RotateCcw size={14} aria-hidden />, needs: 'operator', onSelect: () => onReplay('plain') },
        { label: t.replay.buttonEdited, icon: <Pencil size={14} aria-hidden />, needs: 'admin', onSelect: () => onReplay('edited') },
        { label: t.replay.makeRoute, icon: <Route size={14} aria-hidden />, needs: 'admin', separated: true, onSelect: onRoute },
      ]}
    />
  );
}

function Loading() {
  const t = useDetailTexts();
  return (
    <div className={styles['section']} role="status" aria-label={t.loading}>
      <Skeleton height={44} />
      <Skeleton height={84} />
      <SkeletonRows rows={6} height={22} />
    </div>
  );
}

function Content({ message }: { message: Message }) {
  const t = useDetailTexts();
  const navigate = useNavigate();
  const search = useSearch({ from: '/messages/$id' });
  const reveal = useReveal(message.id);
  const runs = useMemo(() => runsOf(message.deliveries), [message]);
  // What is looked at stays, even when another one becomes more urgent.
  const [kept, setKept] = useState<string | null>(null);
  const byId = (wanted: string | null | undefined) => message.deliveries.find(({ id }) => id === wanted);
  const delivery = byId(search.delivery) ?? byId(kept) ?? mostUrgent(presentDeliveries(runs));
  if (delivery !== null && delivery.id !== kept) setKept(delivery.id);
  const change = (changes: { tab?: string; delivery?: string }) =>
    void navigate({ to: '/messages/$id', params: { id: message.id }, search: (before) => ({ ...before, ...changes }), replace: true });
  const select = (id: string) => change({ delivery: id });
  const of = { message, delivery, reveal };
  const tabs = [
    { value: 'payload', label: t.tabPayload, content: <PayloadTab message={message} reveal={reveal} /> },
    { value: 'mapped', label: t.tabMapped, content: <MappedTab {...of} /> },
    { value: 'attempts', label: t.tabAttempts, content: <AttemptsTab {...of} /> },
    { value: 'headers', label: t.tabHeaders, content: <HeadersTab message={message} reveal={reveal} /> },
    { value: 'raw', label: t.tabRaw, content: <RawTab message={message} reveal={reveal} /> },
  ];
  return (
    <>
      <MessageStory message={message} />
      {runs.length === 0 ? null : <StepStrips message={message} runs={runs} selected={delivery?.id ?? null} onSelect={select} />}
      {delivery === null ? null : <DeliveryPanel key={delivery.id} delivery={delivery} />}
      <MessageTimeline message={message} onSelect={select} />
      <Tabs
        tabs={tabs}
        value={tabs.some(({ value }) => value === search.tab) ? (search.tab ?? 'payload') : 'payload'}
        onValue={(tab) => change({ tab })}
        label={t.tabs}
      />
      <MessageFacts message={message} />
    </>
  );
}

function mostUrgent(deliveries: readonly Delivery[]): Delivery | null {
  for (const state of URGENT) {
    const found = deliveries.find((delivery) => delivery.state === state);
    if (found !== undefined) return found;
  }
  return deliveries.at(-1) ?? null;
}
