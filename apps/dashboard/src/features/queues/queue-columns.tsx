/** The columns of the list of queues. */
import { useMemo } from 'react';
import { useFormat } from '../../i18n/format.ts';
import type { Column } from '../../parts/data-table.tsx';
import { StateBadge } from '../../parts/state-badge.tsx';
import { DepthBar } from './depth-bar.tsx';
import { FlowBadges } from './flow-badges.tsx';
import type { QueueRow } from './queue-attention.ts';
import styles from './queues.module.css';
import { useQueueTexts } from './texts.ts';

/** @param most the longest queue of the list */
export function useQueueColumns(most: number): readonly Column<QueueRow>[] {
  const t = useQueueTexts();
  const format = useFormat();
  return useMemo(() => {
    const missing = <span className="soft">–</span>;
    const latency = (id: 'p50' | 'p95' | 'p99', priority: number): Column<QueueRow> => ({
      id,
      header: t.columns[id],
      width: 76,
      priority,
      align: 'right',
      sortable: true,
      cell: ({ queue }) => (queue.latencyMs[id] === null ? missing : format.span(queue.latencyMs[id])),
    });
    return [
      {
        id: 'spoke',
        header: t.columns.spoke,
        width: 120,
        grow: 1,
        sortable: true,
        cell: ({ title, queue }) => (
          <span className={styles['name']}>
            <span>{title}</span>
            {title === queue.spoke ? null : <span className="soft mono">{queue.spoke}</span>}
          </span>
        ),
      },
      {
        id: 'state',
        header: t.columns.state,
        width: 186,
        grow: 3,
        priority: 9,
        cell: ({ queue, enabled, troubles }) => <FlowBadges queue={queue} enabled={enabled} throttled={troubles.includes('throttled')} />,
      },
      {
        id: 'depth',
        header: t.columns.depth,
        width: 170,
        grow: 1,
        priority: 8,
        sortable: true,
        cell: ({ queue }) => <DepthBar depth={queue.depth} most={most} />,
      },
      {
        id: 'dead',
        header: t.columns.dead,
        width: 104,
        priority: 2,
        align: 'right',
        sortable: true,
        hiddenByDefault: true,
        cell: ({ queue }) =>
          queue.depth.dead === 0 ? (
            <span className="soft">0</span>
          ) : (
            <StateBadge state="dead" count={format.compact(queue.depth.dead)} bare />
          ),
      },
      {
        id: 'oldest',
        header: t.columns.oldest,
        width: 86,
        priority: 7,
        align: 'right',
        sortable: true,
        cell: ({ queue }) => (queue.oldestSeconds === 0 ? missing : format.span(queue.oldestSeconds * 1_000)),
      },
      {
        id: 'rate',
        header: t.columns.rate,
        width: 116,
        priority: 6,
        align: 'right',
        sortable: true,
        cell: ({ queue }) => (queue.ratePerSecond === 0 ? <span className="soft">0/s</span> : format.rate(queue.ratePerSecond)),
      },
      latency('p50', 3),
      latency('p95', 5),
      latency('p99', 4),
    ];
  }, [t, format, most]);
}
