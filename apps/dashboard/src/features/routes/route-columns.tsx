/** The columns of the list of routes. */
import { ArrowRight, Ellipsis } from 'lucide-react';
import { useMemo, useRef } from 'react';
import { useFormat } from '../../i18n/format.ts';
import { IconButton } from '../../parts/button.tsx';
import type { Column } from '../../parts/data-table.tsx';
import { Menu, type MenuItem } from '../../parts/menu.tsx';
import { Time } from '../../parts/time.tsx';
import { useListTexts } from './list-texts.ts';
import type { RouteRow } from './route-row.ts';
import { RouteStateBadge } from './route-state-badge.tsx';
import styles from './routes.module.css';

export function useRouteColumns(menuOf: (row: RouteRow) => MenuItem[]): readonly Column<RouteRow>[] {
  const t = useListTexts();
  const format = useFormat();
  // The columns stay the same while what the menu calls changes with each drawing.
  const latest = useRef(menuOf);
  latest.current = menuOf;
  return useMemo(() => {
    const missing = <span className="soft">–</span>;
    return [
      { id: 'name', header: t.name, width: 170, grow: 2, cell: ({ route }) => route.name },
      { id: 'state', header: t.state, width: 104, priority: 9, cell: ({ state }) => <RouteStateBadge state={state} /> },
      { id: 'flow', header: t.flow, width: 260, grow: 4, priority: 8, cell: (row) => <Flow row={row} /> },
      {
        id: 'traffic',
        header: t.traffic,
        width: 90,
        align: 'right',
        priority: 7,
        cell: ({ traffic }) =>
          traffic === null ? missing : <span title={format.number(traffic.total)}>{format.compact(traffic.total)}</span>,
      },
      {
        id: 'errors',
        header: t.errors,
        width: 76,
        align: 'right',
        priority: 6,
        cell: ({ traffic }) => {
          if (traffic === null || traffic.succeeded + traffic.dead === 0) return missing;
          return <span className={traffic.dead > 0 ? styles['bad'] : 'soft'}>{format.percent(traffic.errorShare)}</span>;
        },
      },
      {
        id: 'p95',
        header: t.p95,
        width: 76,
        align: 'right',
        priority: 4,
        cell: ({ traffic }) => (typeof traffic?.latencyMs.p95 === 'number' ? format.span(traffic.latencyMs.p95) : missing),
      },
      {
        id: 'problem',
        header: t.problem,
        width: 190,
        grow: 2,
        priority: 5,
        cell: ({ problem }) =>
          problem === null ? (
            missing
          ) : (
            <span className={styles['problem']} title={problem.title}>
              <Time at={problem.lastSeen} /> · {problem.title}
            </span>
          ),
      },
      { id: 'mode', header: t.mode, width: 70, priority: 3, cell: ({ route }) => t.modes[route.mode] },
      {
        id: 'actions',
        header: t.actions,
        width: 64,
        priority: 10,
        hideable: false,
        align: 'right',
        cell: (row) => (
          <Menu
            label={row.route.name}
            trigger={<IconButton label={t.of(row.route.name)} icon={<Ellipsis aria-hidden />} size="small" />}
            items={latest.current(row)}
          />
        ),
      },
    ];
  }, [t, format]);
}

function Flow({ row: { route } }: { row: RouteRow }) {
  const targets = route.steps.map(({ to, operation }) => (operation === null ? to : `${to}.${operation}`));
  return (
    <span className={styles['flow']} title={[`${route.from.spoke} ${route.from.type}`, ...targets].join(' → ')}>
      <span>
        {route.from.spoke} <code>{route.from.type}</code>
      </span>
      {route.steps.map(({ name, to, operation }) => (
        <span key={name}>
          <ArrowRight aria-hidden /> {to}
          {operation === null ? '' : `.${operation}`}
        </span>
      ))}
    </span>
  );
}
