/** One spoke: how it is, how it is reached, what it can do, what it is set to, and what was done to it. */
import type { Kind, Queue, Spoke } from '@nave/api-schema';
import { ApiError } from '@nave/sdk';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { CirclePause, CirclePlay, Ellipsis, Stethoscope } from 'lucide-react';
import { useLiveRefresh } from '../../api/live.ts';
import { Button, buttonClass, IconButton } from '../../parts/button.tsx';
import { EmptyState } from '../../parts/empty-state.tsx';
import { ErrorNote } from '../../parts/error-note.tsx';
import { Menu } from '../../parts/menu.tsx';
import { Page } from '../../parts/page.tsx';
import { SkeletonRows } from '../../parts/skeleton.tsx';
import { Tabs } from '../../parts/tabs.tsx';
import { useNow } from '../../parts/time.tsx';
import { HistoryTab } from './history-tab.tsx';
import { OperationsTab } from './operations-tab.tsx';
import { OverviewTab } from './overview-tab.tsx';
import { SettingsTab } from './settings-tab.tsx';
import { SpokeDialogs, useActionTexts, useSpokeActions } from './spoke-actions.tsx';
import { sendsMessages, spokeState, takesDeliveries, waitingOf } from './spoke-health.ts';
import { useSpokeTexts } from './spoke-texts.ts';
import { TestTab } from './test-tab.tsx';
import { kindQuery, queueQuery, spokeQuery, trafficQuery } from './use-spokes.ts';
import { WebhookTab } from './webhook-tab.tsx';

const route = getRouteApi('/spokes/$name');

export function SpokePage() {
  const t = useSpokeTexts();
  const { name } = route.useParams();
  const spoke = useQuery(spokeQuery(name));
  const kind = useQuery({ ...kindQuery(spoke.data?.kind ?? ''), enabled: spoke.data !== undefined });
  const back = { to: '/spokes', label: t.spokes } as const;
  if (spoke.data !== undefined && (kind.data !== undefined || kind.isError)) return <Shown spoke={spoke.data} kind={kind.data ?? null} />;
  if (spoke.error instanceof ApiError && spoke.error.status === 404) {
    return (
      <Page title={name} back={back}>
        <EmptyState
          title={t.notFound(name)}
          action={
            <Link to="/spokes" className={buttonClass('primary')}>
              {t.spokes}
            </Link>
          }
        >
          {t.notFoundMeans}
        </EmptyState>
      </Page>
    );
  }
  return (
    <Page title={name} back={back}>
      {spoke.isError ? <ErrorNote error={spoke.error} onRetry={() => void spoke.refetch()} /> : <SkeletonRows rows={8} height={44} />}
    </Page>
  );
}

/** @param props.kind null: this hub does not know it, the rest can be shown all the same */
function Shown({ spoke, kind }: { spoke: Spoke; kind: Kind | null }) {
  const t = useSpokeTexts();
  const words = useActionTexts();
  const { tab = 'overview' } = route.useSearch();
  const navigate = route.useNavigate();
  const actions = useSpokeActions();
  const queue = useQuery(queueQuery(spoke.name));
  const traffic = useQuery(trafficQuery);
  const now = useNow();
  useLiveRefresh(['queues', spoke.name], ['queues', 'deliveries'], 2_000);
  const own = traffic.data?.of(spoke.name) ?? null;
  const state = spokeState(spoke, queue.data ?? null, own === null ? null : own.received + own.total, now);
  const takes = takesDeliveries(spoke);
  const tabs = [
    {
      value: 'overview',
      label: t.tabs.overview,
      content: <OverviewTab spoke={spoke} kind={kind} queue={queue} traffic={own} state={state} />,
    },
    ...(kind === null ? [] : [{ value: 'webhook', label: t.tabs.webhook, content: <WebhookTab spoke={spoke} kind={kind} /> }]),
    ...(sendsMessages(spoke) ? [{ value: 'test', label: t.tabs.test, content: <TestTab spoke={spoke} /> }] : []),
    ...(kind === null || !takes
      ? []
      : [{ value: 'operations', label: t.tabs.operations, content: <OperationsTab spoke={spoke} kind={kind} /> }]),
    ...(kind === null
      ? []
      : [{ value: 'settings', label: t.tabs.settings, content: <SettingsTab key={spoke.name} spoke={spoke} kind={kind} /> }]),
    { value: 'history', label: t.tabs.history, content: <HistoryTab name={spoke.name} /> },
  ];
  const shown = tabs.some((one) => one.value === tab) ? tab : 'overview';
  return (
    <Page
      title={spoke.title}
      answer={
        <>
          {answerOf(t, spoke, state, queue.data ?? null)} <span className="mono">{spoke.name}</span> · {kind?.title ?? spoke.kind}
        </>
      }
      back={{ to: '/spokes', label: t.spokes }}
      actions={
        <>
          {takes ? (
            <>
              <Button icon={<Stethoscope aria-hidden />} needs="operator" onClick={() => actions.ask('check', spoke)}>
                {words.check}
              </Button>
              {spoke.paused ? (
                <Button icon={<CirclePlay aria-hidden />} tone="primary" needs="operator" onClick={() => actions.ask('resume', spoke)}>
                  {words.resume}
                </Button>
              ) : (
                <Button icon={<CirclePause aria-hidden />} needs="operator" onClick={() => actions.ask('pause', spoke)}>
                  {words.pause}
                </Button>
              )}
            </>
          ) : null}
          <Menu
            label={spoke.title}
            trigger={<IconButton label={t.more} icon={<Ellipsis />} />}
            items={actions.menuOf(spoke).filter(({ label }) => !(takes && [words.check, words.pause, words.resume].includes(label)))}
          />
        </>
      }
    >
      {kind === null ? <ErrorNote error={new Error(t.unknownKind(spoke.kind))} /> : null}
      <Tabs label={spoke.title} tabs={tabs} value={shown} onValue={(next) => void navigate({ search: { tab: next }, replace: true })} />
      <SpokeDialogs actions={actions} onDeleted={() => void navigate({ to: '/spokes' })} />
    </Page>
  );
}

function answerOf(t: ReturnType<typeof useSpokeTexts>, spoke: Spoke, state: string, queue: Queue | null): string {
  const waiting = waitingOf(queue) ?? 0;
  const how = t.states[state] ?? state;
  if (!takesDeliveries(spoke)) return `${how}.`;
  return `${how}; ${t.waiting(waiting)}${queue !== null && queue.depth.dead > 0 ? ` ${t.dead(queue.depth.dead)}` : ''}`;
}
