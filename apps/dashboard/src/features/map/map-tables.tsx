/** The facts of the map as two tables: for screen readers, for narrow screens, and for those who like to read. */
import { useMemo } from 'react';
import { useFormat } from '../../i18n/format.ts';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { EmptyState } from '../../parts/empty-state.tsx';
import { StateBadge } from '../../parts/state-badge.tsx';
import { KindLogo, useFamilyName } from '../spokes/api.ts';
import type { Chosen } from './chosen.ts';
import { LinkState } from './link-state.tsx';
import styles from './map.module.css';
import { LINK_STATES, type MapModel, type MapRoute, type MapSpoke } from './map-model.ts';
import { rateText } from './rate-text.ts';
import { useMapTexts } from './texts.ts';

const spokeKey = ({ name }: MapSpoke) => name;
const routeKey = ({ name }: MapRoute) => name;

/** @param props.found as for the map: only these are listed */
export function MapTables(props: {
  model: MapModel;
  found: ReadonlySet<string> | null;
  chosen: Chosen | null;
  onChoose: (chosen: Chosen) => void;
}) {
  const { model, found, chosen, onChoose } = props;
  const t = useMapTexts();
  const spokes = useMemo(() => model.spokes.filter(({ name }) => found?.has(name) ?? true), [model, found]);
  const routes = useMemo(
    () =>
      model.routes
        .filter(({ from, targets }) => found === null || [from, ...targets].some((name) => found.has(name)))
        .sort((a, b) => LINK_STATES.indexOf(a.state) - LINK_STATES.indexOf(b.state) || a.name.localeCompare(b.name)),
    [model, found],
  );
  return (
    <div className={styles['tables']}>
      <section aria-label={t.spokes}>
        <DataTable
          label={t.spokes}
          rows={spokes}
          columns={useSpokeColumns()}
          rowKey={spokeKey}
          onOpen={({ name }) => onChoose({ kind: 'spoke', name })}
          openKey={chosen?.kind === 'spoke' ? chosen.name : null}
          storageKey="map-spokes"
          toolbar={<h2>{t.spokes}</h2>}
          empty={<EmptyState title={t.found(0)} />}
          fit
        />
      </section>
      <section aria-label={t.routes}>
        <DataTable
          label={t.routes}
          rows={routes}
          columns={useRouteColumns(model)}
          rowKey={routeKey}
          onOpen={({ name }) => onChoose({ kind: 'route', name })}
          openKey={chosen?.kind === 'route' ? chosen.name : null}
          storageKey="map-routes"
          toolbar={<h2>{t.routes}</h2>}
          empty={<EmptyState title={t.noRoutes} />}
          pageKeys={false}
          fit
        />
      </section>
    </div>
  );
}

function useSpokeColumns(): readonly Column<MapSpoke>[] {
  const t = useMapTexts();
  const format = useFormat();
  const familyName = useFamilyName();
  return useMemo(() => {
    const none = <span className="soft">–</span>;
    const rate = (value: number | null) => (value === null || value === 0 ? none : rateText(value, format));
    return [
      {
        id: 'spoke',
        header: t.columns.spoke,
        width: 170,
        grow: 2,
        cell: ({ title, kind }) => (
          <span className={styles['nodeTitle']}>
            <KindLogo kind={kind} title={title} />
            <span className={styles['nodeName']}>{title}</span>
          </span>
        ),
      },
      { id: 'state', header: t.columns.state, width: 128, priority: 9, cell: ({ state }) => <StateBadge state={state} /> },
      { id: 'family', header: t.columns.family, width: 150, grow: 1, priority: 2, cell: ({ family }) => familyName(family) },
      { id: 'received', header: t.columns.received, width: 80, align: 'right', priority: 4, cell: (row) => rate(row.receivedPerSecond) },
      { id: 'sent', header: t.columns.sent, width: 80, align: 'right', priority: 5, cell: (row) => rate(row.sentPerSecond) },
      {
        id: 'waiting',
        header: t.columns.waiting,
        width: 76,
        align: 'right',
        priority: 8,
        cell: ({ row, takes }) =>
          row === null || !takes ? (
            none
          ) : (
            <span>
              {format.compact(row.waiting)}
              <span className={styles['cardWord']}> {t.waits}</span>
            </span>
          ),
      },
      {
        id: 'oldest',
        header: t.columns.oldest,
        width: 84,
        align: 'right',
        priority: 7,
        cell: ({ queue }) => (queue === null || queue.oldestSeconds === 0 ? none : format.span(queue.oldestSeconds * 1_000)),
      },
      {
        id: 'dead',
        header: t.columns.dead,
        width: 104,
        align: 'right',
        priority: 6,
        cell: ({ queue }) =>
          queue === null || queue.depth.dead === 0 ? none : <StateBadge state="dead" count={format.compact(queue.depth.dead)} bare />,
      },
      { id: 'routes', header: t.columns.routes, width: 104, align: 'right', priority: 3, cell: ({ from, to }) => from.length + to.length },
    ];
  }, [t, format, familyName]);
}

function useRouteColumns({ spokes }: MapModel): readonly Column<MapRoute>[] {
  const t = useMapTexts();
  const format = useFormat();
  const titles = spokes.map(({ name, title }) => `${name}\t${title}`).join('\n');
  return useMemo(() => {
    const titleOf = new Map(titles.split('\n').map((line): [string, string] => [line.split('\t')[0] ?? '', line.split('\t')[1] ?? '']));
    const title = (name: string) => titleOf.get(name) ?? name;
    return [
      { id: 'route', header: t.columns.route, width: 170, grow: 2, cell: ({ name }) => name },
      { id: 'state', header: t.columns.state, width: 128, priority: 9, cell: ({ state }) => <LinkState state={state} /> },
      { id: 'from', header: t.columns.from, width: 110, grow: 1, priority: 6, cell: ({ from }) => title(from) },
      { id: 'to', header: t.columns.to, width: 130, grow: 1, priority: 7, cell: ({ targets }) => targets.map(title).join(', ') },
      {
        id: 'rate',
        header: t.columns.rate,
        width: 104,
        align: 'right',
        priority: 8,
        cell: ({ perSecond }) => (perSecond === null || perSecond === 0 ? <span className="soft">–</span> : rateText(perSecond, format)),
      },
      {
        id: 'dead',
        header: t.columns.dead,
        width: 104,
        align: 'right',
        priority: 5,
        cell: ({ dead }) => (dead === 0 ? <span className="soft">–</span> : <StateBadge state="dead" count={format.compact(dead)} bare />),
      },
      {
        id: 'p95',
        header: t.columns.p95,
        width: 84,
        align: 'right',
        priority: 3,
        cell: ({ p95 }) => (p95 === null ? <span className="soft">–</span> : format.span(p95)),
      },
    ];
  }, [t, format, titles]);
}
