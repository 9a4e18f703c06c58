/** What was accepted and what became of it, per route and minute. */
import { useMemo } from 'react';
import { useFormat } from '../../i18n/format.ts';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { EmptyState } from '../../parts/empty-state.tsx';
import { Panel } from '../../parts/page.tsx';
import { stateTone } from '../../parts/state-badge.tsx';
import { Time } from '../../parts/time.tsx';
import { type LedgerRow, ledgerRowKey, usedTerms } from './ledger-columns.ts';
import { useLedgerTexts } from './texts.ts';

export function LedgerTable({ rows, loading }: { rows: readonly LedgerRow[]; loading: boolean }) {
  const t = useLedgerTexts();
  const format = useFormat();
  const minutes = rows.some(({ minute }) => minute !== null);
  const columns = useMemo<Column<LedgerRow>[]>(() => {
    const count = (value: number, tone: string) =>
      value === 0 ? <span className="soft">0</span> : <span style={{ color: `var(--${tone})` }}>{format.number(value)}</span>;
    return [
      { id: 'route', header: t.route, grow: 2, width: 200, cell: ({ route }) => <span className="mono">{route}</span> },
      ...(minutes
        ? [{ id: 'minute', header: t.minute, width: 110, priority: 7, cell: ({ minute }: LedgerRow) => <Time at={minute} show="clock" /> }]
        : []),
      {
        id: 'accepted',
        header: t.accepted,
        width: 90,
        align: 'right',
        priority: 8,
        cell: ({ accepted }) => <b className="numbers">{format.number(accepted)}</b>,
      },
      ...usedTerms(rows).map(
        (term): Column<LedgerRow> => ({
          ...{ id: term, header: t.terms[term], width: 100, align: 'right', priority: term === 'dead' ? 6 : term === 'succeeded' ? 5 : 2 },
          cell: (row) => count(row[term], stateTone(term)),
        }),
      ),
      { id: 'unchecked', header: t.unchecked, width: 110, align: 'right', priority: 3, cell: (row) => count(row.unchecked, 'grey') },
      { id: 'difference', header: t.difference, width: 116, align: 'right', priority: 4, cell: (row) => count(row.difference, 'red') },
    ];
  }, [t, format, rows, minutes]);
  return (
    <Panel title={minutes ? t.perMinute : t.perRoute} actions={minutes ? null : <span className="soft">{t.minutesOnly}</span>} flush>
      <DataTable
        label={minutes ? t.perMinute : t.perRoute}
        rows={rows}
        columns={columns}
        rowKey={ledgerRowKey}
        rowHref={({ route }) => `/routes/${encodeURIComponent(route)}`}
        loading={loading}
        storageKey="ledger"
        empty={<EmptyState title={t.empty}>{t.emptyHint}</EmptyState>}
        fit
      />
    </Panel>
  );
}
