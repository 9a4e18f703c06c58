/** The deliveries of a failure: some of them can be chosen and retried. */
import type { Delivery, IssueDetail } from '@nave/api-schema';
import { Link } from '@tanstack/react-router';
import { RotateCw } from 'lucide-react';
import { useMemo, useState } from 'react';
import { Button } from '../../parts/button.tsx';
import { type Column, DataTable, type Selected } from '../../parts/data-table.tsx';
import { ErrorNote } from '../../parts/error-note.tsx';
import { Time } from '../../parts/time.tsx';
import { BulkDialog } from './bulk-dialog.tsx';
import { useBulkTexts } from './bulk-texts.ts';
import { useDetailTexts } from './detail-texts.ts';
import styles from './issues.module.css';
import type { useIssue } from './use-issues.ts';

const keyOf = (delivery: Delivery) => delivery.id;
const NONE: Selected = new Set();

export function IssueDeliveries({ issue, query }: { issue: IssueDetail; query: ReturnType<typeof useIssue> }) {
  const t = useDetailTexts();
  const bulk = useBulkTexts();
  const rows = useMemo(() => query.data?.pages.flatMap(({ deliveries }) => deliveries.items) ?? [], [query.data]);
  const [chosen, setChosen] = useState(NONE);
  const [retrying, setRetrying] = useState<readonly string[] | null>(null);
  // Those that left the failure meanwhile are not chosen any more.
  const selected = useMemo(() => new Set(rows.map(keyOf).filter((id) => chosen.has(id))), [rows, chosen]);
  const columns = useMemo<Column<Delivery>[]>(
    () => [
      { id: 'delivery', header: t.delivery, width: 110, cell: ({ id }) => <span className="mono">…{id.slice(-8)}</span> },
      {
        ...{ id: 'message', header: t.message, width: 110, priority: 3 },
        cell: ({ messageId }) => (
          <Link to="/messages/$id" params={{ id: messageId }} className="mono">
            …{messageId.slice(-8)}
          </Link>
        ),
      },
      { id: 'detail', header: t.detail, grow: 1, width: 140, priority: 5, cell: ({ attempts }) => attempts.at(-1)?.detail ?? '–' },
      { id: 'attempts', header: t.attempts, width: 76, align: 'right', priority: 2, cell: ({ attemptCount }) => attemptCount },
      { id: 'created', header: t.created, width: 142, priority: 4, cell: ({ createdAt }) => <Time at={createdAt} /> },
    ],
    [t],
  );
  return (
    <section className={styles['section']} aria-label={t.deliveries}>
      <h3>{t.deliveries}</h3>
      <div className={styles['framed']}>
        <DataTable
          label={t.deliveries}
          rows={rows}
          columns={columns}
          rowKey={keyOf}
          rowHref={({ id }) => `/deliveries/${id}`}
          hasMore={query.hasNextPage}
          loadingMore={query.isFetchingNextPage}
          onEnd={() => void query.fetchNextPage()}
          storageKey="issue-deliveries"
          pageKeys={false}
          fit
          empty={null}
          footer={query.isFetchNextPageError ? <ErrorNote error={query.error} onRetry={() => void query.fetchNextPage()} /> : null}
          {...(issue.state === 'dead'
            ? {
                selection: {
                  selected,
                  onSelected: setChosen,
                  actions: (
                    <Button
                      size="small"
                      tone="primary"
                      needs="operator"
                      icon={<RotateCw aria-hidden />}
                      onClick={() => setRetrying([...selected])}
                    >
                      {bulk.action('retry', selected.size)}
                    </Button>
                  ),
                },
              }
            : {})}
        />
      </div>
      {retrying === null ? null : (
        <BulkDialog mode="retry" filter={{ ids: [...retrying] }} spoke={issue.spoke} onClose={() => setRetrying(null)} />
      )}
    </section>
  );
}
