/** Who changed a route, from the audit. */
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import { hub } from '../../api/client.ts';
import { buttonClass } from '../../parts/button.tsx';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { EmptyState } from '../../parts/empty-state.tsx';
import { ErrorNote } from '../../parts/error-note.tsx';
import { Time } from '../../parts/time.tsx';
import styles from './editor.module.css';
import { usePageTexts } from './page-texts.ts';
import pageStyles from './route-page.module.css';

const SHOWN = 100;

interface Entry {
  id: string;
  at: string;
  actor: string;
  action: string;
  detail?: unknown;
}

const keyOf = ({ id }: Entry) => id;

export function HistoryTab({ route }: { route: string }) {
  const t = usePageTexts();
  const subject = `route:${route}`;
  const entries = useQuery({
    queryKey: ['audit', 'of', subject],
    queryFn: async (): Promise<Entry[]> => (await hub.audit.list({ subject, limit: SHOWN })).items,
  });
  const columns = useMemo<Column<Entry>[]>(
    () => [
      { id: 'action', header: t.action, width: 150, grow: 1, cell: ({ action }) => <span className="mono">{action}</span> },
      { id: 'actor', header: t.actor, width: 140, grow: 1, priority: 3, cell: ({ actor }) => <span className="mono">{actor}</span> },
      {
        id: 'detail',
        header: t.detail,
        width: 220,
        grow: 2,
        priority: 1,
        cell: ({ detail }) => (
          <code className={pageStyles['detail']}>{detail === null || detail === undefined ? '–' : JSON.stringify(detail)}</code>
        ),
      },
      { id: 'at', header: t.at, width: 130, priority: 4, cell: ({ at }) => <Time at={at} /> },
    ],
    [t],
  );
  return (
    <div className={styles['column']}>
      <div>
        <Link to="/audit" search={{ subject }} className={buttonClass('plain', 'small')}>
          {t.wholeAudit}
        </Link>
      </div>
      {entries.error === null ? null : <ErrorNote error={entries.error} onRetry={() => void entries.refetch()} />}
      <DataTable
        label={t.history}
        rows={entries.data ?? []}
        columns={columns}
        rowKey={keyOf}
        storageKey="route-history"
        loading={entries.isPending}
        empty={<EmptyState title={t.noHistory} />}
        fit
      />
    </div>
  );
}
