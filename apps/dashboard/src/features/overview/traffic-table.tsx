/** Traffic per spoke or per route: how much, how well, how fast. */
import type { Stats } from '@nave/api-schema';
import { memo, useMemo, useState } from 'react';
import { useFormat } from '../../i18n/format.ts';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { EmptyState } from '../../parts/empty-state.tsx';
import { Panel } from '../../parts/page.tsx';
import { useOverviewTexts } from './texts.ts';

export type TrafficRow = Omit<Stats['spokes'][number], 'spoke'> & { name: string };

const keyOf = (row: TrafficRow) => row.name;
const VALUES: Readonly<Record<string, (row: TrafficRow) => number | string>> = {
  name: ({ name }) => name,
  rate: ({ ratePerSecond }) => ratePerSecond,
  total: ({ total }) => total,
  errors: ({ errorShare }) => errorShare,
  p95: ({ latencyMs }) => latencyMs.p95 ?? -1,
};

/** @param props.of decides where rows lead, and how the table is remembered */
export const TrafficTable = memo(function TrafficTable({
  of,
  rows,
  loading,
  window,
}: {
  of: 'spoke' | 'route';
  rows: readonly TrafficRow[];
  loading: boolean;
  window: string;
}) {
  const t = useOverviewTexts();
  const format = useFormat();
  const [sort, setSort] = useState({ by: 'total', descending: true });
  const columns = useMemo<Column<TrafficRow>[]>(
    () => [
      {
        id: 'name',
        header: of === 'spoke' ? t.spoke : t.route,
        grow: 1,
        width: 150,
        sortable: true,
        cell: ({ name }) => <span className="mono">{name}</span>,
      },
      { id: 'total', header: t.total, width: 118, align: 'right', sortable: true, priority: 3, cell: ({ total }) => format.number(total) },
      {
        id: 'rate',
        header: t.rate,
        width: 80,
        align: 'right',
        sortable: true,
        priority: 2,
        cell: (row) => rate(format, row.ratePerSecond),
      },
      {
        id: 'errors',
        header: t.errorShare,
        width: 80,
        align: 'right',
        sortable: true,
        priority: 5,
        cell: ({ errorShare, succeeded, dead }) =>
          succeeded + dead === 0 ? (
            '–'
          ) : errorShare === 0 ? (
            format.percent(0)
          ) : (
            <strong style={{ color: 'var(--red)' }}>{format.percent(errorShare)}</strong>
          ),
      },
      {
        id: 'p95',
        header: 'p95',
        width: 100,
        align: 'right',
        sortable: true,
        priority: 4,
        cell: ({ latencyMs }) => (latencyMs.p95 === null ? '–' : format.span(latencyMs.p95)),
      },
    ],
    [t, format, of],
  );
  const sorted = useMemo(() => {
    const value = VALUES[sort.by] ?? keyOf;
    const order = (a: TrafficRow, b: TrafficRow) => {
      const [x, y] = [value(a), value(b)];
      return x === y ? a.name.localeCompare(b.name) : (x < y ? -1 : 1) * (sort.descending ? -1 : 1);
    };
    return [...rows].sort(order);
  }, [rows, sort]);
  return (
    <Panel title={of === 'spoke' ? t.bySpoke : t.byRoute} actions={<span className="soft">{window}</span>} flush>
      <DataTable
        label={of === 'spoke' ? t.bySpoke : t.byRoute}
        rows={sorted}
        columns={columns}
        rowKey={keyOf}
        rowHref={({ name }) => `/${of}s/${encodeURIComponent(name)}`}
        loading={loading}
        storageKey={`overview-${of}s`}
        empty={<EmptyState title={t.noTraffic}>{t.noTrafficHint}</EmptyState>}
        sort={sort}
        onSort={(by) => setSort((before) => ({ by, descending: before.by === by ? !before.descending : by !== 'name' }))}
        pageKeys={of === 'spoke'}
        fit
      />
    </Panel>
  );
});

/** Slow ones per minute: nobody reads 0.07 per second. */
function rate(format: ReturnType<typeof useFormat>, perSecond: number): string {
  return perSecond >= 1 || perSecond === 0 ? format.rate(perSecond) : `${format.number(perSecond * 60)}/min`;
}
