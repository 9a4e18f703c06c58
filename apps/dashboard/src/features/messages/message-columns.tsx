/** The columns of the list of messages. */
import { useMemo } from 'react';
import { type Format, useFormat } from '../../i18n/format.ts';
import type { Column } from '../../parts/data-table.tsx';
import { StateBadge } from '../../parts/state-badge.tsx';
import { Time } from '../../parts/time.tsx';
import { useListTexts } from './list-texts.ts';
import type { MessageRow } from './live-rows.ts';
import styles from './messages.module.css';

export function useMessageColumns(): readonly Column<MessageRow>[] {
  const { columns: t } = useListTexts();
  const format = useFormat();
  return useMemo(
    () => [
      { id: 'type', plain: true, header: t.type, cell: (row) => <span className={styles['mono']}>{row.type}</span>, width: 190, grow: 2 },
      { id: 'state', plain: true, header: t.state, cell: (row) => <StateBadge state={row.state} />, width: 124, priority: 9 },
      { id: 'time', plain: true, header: t.time, cell: (row) => <Time at={row.receivedAt} show="clock" />, width: 132, priority: 8 },
      { id: 'source', plain: true, header: t.source, cell: (row) => row.source, width: 110, grow: 1, priority: 7 },
      { id: 'key', plain: true, header: t.key, cell: (row) => <Key text={row.idempotencyKey} />, width: 170, grow: 2, priority: 5 },
      {
        id: 'correlation',
        plain: true,
        header: t.correlation,
        cell: (row) => <Key text={row.correlationId} />,
        width: 150,
        grow: 1,
        priority: 3,
      },
      { id: 'lane', plain: true, header: t.lane, cell: (row) => <Key text={row.orderingKey} />, width: 110, grow: 1, priority: 2 },
      { id: 'took', plain: true, header: t.took, cell: (row) => tookOf(row, format), width: 80, align: 'right', priority: 4 },
      {
        id: 'size',
        plain: true,
        header: t.size,
        cell: (row) => (row.size === null ? <span className="soft">…</span> : format.bytes(row.size)),
        width: 84,
        align: 'right',
        priority: 3,
      },
    ],
    [t, format],
  );
}

function Key({ text }: { text: string | null }) {
  return text === null ? (
    <span className="soft">–</span>
  ) : (
    <span className={styles['key']} title={text}>
      {text}
    </span>
  );
}

function tookOf({ receivedAt, completedAt }: MessageRow, format: Format): string {
  return completedAt === null ? '–' : format.span(Math.max(0, Date.parse(completedAt) - Date.parse(receivedAt)));
}
