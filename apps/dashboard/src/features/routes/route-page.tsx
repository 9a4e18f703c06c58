/** One route: how it goes, its editor, its versions, and who changed it. */
import type { Route } from '@nave/api-schema';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { Ellipsis } from 'lucide-react';
import { lazy, Suspense, useMemo } from 'react';
import { useFormat } from '../../i18n/format.ts';
import { IconButton } from '../../parts/button.tsx';
import { ErrorNote } from '../../parts/error-note.tsx';
import { LeaveGuard } from '../../parts/leave-guard.tsx';
import { Menu } from '../../parts/menu.tsx';
import { Page } from '../../parts/page.tsx';
import { SkeletonRows } from '../../parts/skeleton.tsx';
import { Tabs } from '../../parts/tabs.tsx';
import { EditTab } from './edit-tab.tsx';
import { HistoryTab } from './history-tab.tsx';
import { useListTexts } from './list-texts.ts';
import { OverviewTab } from './overview-tab.tsx';
import { usePageTexts } from './page-texts.ts';
import { RouteDialogs, useRouteActions } from './route-actions.tsx';
import { documentOf } from './route-document.ts';
import styles from './routes.module.css';
import { useRouteSave } from './use-route-save.ts';
import { routeQuery, routeStatsQuery, windowOf } from './use-routes.ts';

const here = getRouteApi('/routes/$name');
const TABS = ['overview', 'edit', 'versions', 'history'] as const;

const VersionsTab = lazy(() => import('./versions-tab.tsx'));

export function RoutePage() {
  const list = useListTexts();
  const { name } = here.useParams();
  const route = useQuery(routeQuery(name));
  if (route.data !== undefined) return <LoadedRoute key={route.data.createdAt} route={route.data} />;
  return (
    <Page title={name} back={{ to: '/routes', label: list.title }}>
      {route.error === null ? (
        <SkeletonRows rows={8} height={30} />
      ) : (
        <ErrorNote error={route.error} onRetry={() => void route.refetch()} />
      )}
    </Page>
  );
}

function LoadedRoute({ route }: { route: Route }) {
  const t = usePageTexts();
  const list = useListTexts();
  const search = here.useSearch();
  const navigate = here.useNavigate();
  const actions = useRouteActions();
  const stored = useMemo(() => documentOf(route), [route]);
  // Here and not in its tab: what is written there stays while another tab is looked at.
  const save = useRouteSave(route);
  const asked = TABS.find((each) => each === search.tab);
  const tab = asked ?? (search.version === undefined ? (search.view === undefined ? 'overview' : 'edit') : 'versions');
  const window = windowOf(search.window);
  return (
    <Page
      title={route.name}
      back={{ to: '/routes', label: list.title }}
      answer={<Answer route={route} window={window} />}
      actions={
        <Menu
          label={route.name}
          trigger={<IconButton label={t.moreActions} tone="plain" icon={<Ellipsis aria-hidden />} />}
          items={actions.menuOf(route)}
        />
      }
    >
      <LeaveGuard unsaved={() => save.draft.unsaved()} />
      <Tabs
        label={t.sections}
        value={tab}
        onValue={(value) =>
          void navigate({
            search: (before) => ({ ...before, tab: value, version: undefined, against: undefined, view: undefined }),
            replace: true,
          })
        }
        tabs={[
          {
            value: 'overview',
            label: t.tabs.overview,
            content: (
              <OverviewTab
                route={route.name}
                document={stored}
                window={window}
                onWindow={(value) => void navigate({ search: (before) => ({ ...before, window: value }), replace: true })}
              />
            ),
          },
          { value: 'edit', label: save.draft.dirty ? `${t.tabs.edit} •` : t.tabs.edit, content: <EditTab route={route} save={save} /> },
          {
            value: 'versions',
            label: t.tabs.versions,
            content: (
              <Suspense fallback={<SkeletonRows rows={6} height={28} />}>
                <VersionsTab route={route} unsaved={save.draft.dirty} onUsed={save.begin} />
              </Suspense>
            ),
          },
          { value: 'history', label: t.tabs.history, content: <HistoryTab route={route.name} /> },
        ]}
      />
      <RouteDialogs
        actions={actions}
        onDeleted={() => {
          save.begin(route);
          void navigate({ to: '/routes' });
        }}
      />
    </Page>
  );
}

/** How it goes, in words. */
function Answer({ route, window }: { route: Route; window: string }) {
  const t = usePageTexts();
  const list = useListTexts();
  const format = useFormat();
  const stats = useQuery(routeStatsQuery(window)).data;
  const span = list.windows[window] ?? window;
  if (!route.enabled) return t.disabledAnswer;
  if (stats === undefined) return t.reading;
  const traffic = stats.of.get(route.name);
  const callable = route.mode === 'reply' ? ` ${t.callable(route.name)}` : '';
  if (traffic === undefined || traffic.total === 0) return `${stats.exact ? t.idleAnswer(span) : t.rareAnswer(span)}${callable}`;
  return (
    <>
      {stats.exact ? '' : t.about}
      {t.answer(traffic.total, span)}
      {traffic.dead === 0 ? (
        t.allWell
      ) : (
        <>
          {t.dead(traffic.dead, format.percent(traffic.errorShare))}{' '}
          <Link to="/issues" search={{ route: route.name }} className={styles['link'] ?? ''}>
            {t.seeIssues}
          </Link>
        </>
      )}
      {callable}
    </>
  );
}
