/** All routes: what goes where, how it goes, and what can be done about it. */
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { Plus, Waypoints } from 'lucide-react';
import { useMemo } from 'react';
import { useLiveRefresh } from '../../api/live.ts';
import { useFormat } from '../../i18n/format.ts';
import { buttonClass } from '../../parts/button.tsx';
import { DataTable } from '../../parts/data-table.tsx';
import { EmptyState } from '../../parts/empty-state.tsx';
import { ErrorNote } from '../../parts/error-note.tsx';
import { FilterBar, type FilterField, type FilterValue } from '../../parts/filter-bar.tsx';
import { Page } from '../../parts/page.tsx';
import { useListTexts } from './list-texts.ts';
import { RouteDialogs, useRouteActions } from './route-actions.tsx';
import { useRouteColumns } from './route-columns.tsx';
import { matches, ROUTE_STATES, type RouteRow, rowsOf } from './route-row.ts';
import styles from './routes.module.css';
import { lastProblemsQuery, routeStatsQuery, routesQuery, windowOf } from './use-routes.ts';
import { WindowSelect } from './window-select.tsx';

const here = getRouteApi('/routes');
const keyOf = ({ route }: RouteRow) => route.name;
const hrefOf = ({ route }: RouteRow) => `/routes/${encodeURIComponent(route.name)}`;

export function RoutesPage() {
  const t = useListTexts();
  const search = here.useSearch();
  const navigate = here.useNavigate();
  const window = windowOf(search.window);
  const routes = useQuery(routesQuery);
  const stats = useQuery(routeStatsQuery(window));
  const problems = useQuery(lastProblemsQuery);
  useLiveRefresh(['stats', 'of', 'routes'], ['deliveries'], 5_000);
  const actions = useRouteActions();
  const columns = useRouteColumns(({ route }) => actions.menuOf(route));
  const all = useMemo(
    () => rowsOf({ routes: routes.data ?? [], traffic: stats.data?.of ?? null, problems: problems.data ?? null }),
    [routes.data, stats.data, problems.data],
  );
  const rows = useMemo(() => all.filter((row) => matches(row, search)), [all, search]);
  const change = (changes: FilterValue) => void navigate({ search: (before) => ({ ...before, ...changes }), replace: true });
  const spokes = [...new Set(all.flatMap(({ route }) => [route.from.spoke, ...route.steps.map(({ to }) => to)]))].sort();
  const fields: FilterField[] = [
    { kind: 'text', id: 'q', label: t.search },
    { kind: 'choice', id: 'spoke', label: t.spoke, single: true, options: spokes.map((value) => ({ value, label: value })) },
    {
      kind: 'choice',
      id: 'state',
      label: t.state,
      single: true,
      options: ROUTE_STATES.map((value) => ({ value, label: t.states[value] })),
    },
  ];
  const add = (
    <Link to="/routes/new" className={buttonClass('primary')}>
      <Plus aria-hidden /> {t.add}
    </Link>
  );
  return (
    <Page
      title={t.title}
      answer={
        routes.data === undefined ? (
          t.reading
        ) : all.length === 0 ? null : (
          <Answer rows={all} window={window} exact={stats.data?.exact ?? null} />
        )
      }
      actions={add}
      full
    >
      {routes.isSuccess && all.length === 0 ? null : (
        <FilterBar
          fields={fields}
          value={search}
          onChange={change}
          trailing={<WindowSelect value={window} onValue={(value) => change({ window: value })} />}
        />
      )}
      {routes.isError && routes.data === undefined ? (
        <ErrorNote error={routes.error} onRetry={() => void routes.refetch()} />
      ) : (
        <DataTable
          label={t.title}
          rows={rows}
          columns={columns}
          rowKey={keyOf}
          rowHref={hrefOf}
          storageKey="routes"
          loading={routes.isPending}
          empty={
            all.length === 0 ? (
              <EmptyState title={t.none} icon={<Waypoints aria-hidden />} action={add}>
                {t.noneMeans}
              </EmptyState>
            ) : (
              <EmptyState
                title={t.notFound}
                action={
                  <Link to="/routes" className={buttonClass()}>
                    {t.clear}
                  </Link>
                }
              >
                {t.notFoundMeans}
              </EmptyState>
            )
          }
        />
      )}
      <RouteDialogs actions={actions} />
    </Page>
  );
}

/** How many there are, and the one that fails most. @param props.exact null: not known yet */
function Answer({ rows, window, exact }: { rows: readonly RouteRow[]; window: string; exact: boolean | null }) {
  const t = useListTexts();
  const format = useFormat();
  const failing = rows.filter(({ state }) => state === 'failing').sort((a, b) => (b.traffic?.dead ?? 0) - (a.traffic?.dead ?? 0));
  const disabled = rows.filter(({ state }) => state === 'disabled').length;
  const [worst] = failing;
  return (
    <>
      {t.answer(rows.length, disabled)}
      {exact === null ? (
        t.unknown
      ) : worst === undefined ? (
        t.calm(t.windows[window] ?? window)
      ) : (
        <>
          <Link to="/issues" search={{ route: worst.route.name }} className={styles['link'] ?? ''}>
            {t.worst(worst.route.name, worst.traffic?.dead ?? 0, format.percent(worst.traffic?.errorShare ?? 0))}
          </Link>
          {failing.length > 1 ? t.more(failing.length - 1) : ''}.
        </>
      )}
      {exact === false ? ` ${t.estimated}` : ''}
    </>
  );
}
