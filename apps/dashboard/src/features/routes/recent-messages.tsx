/** The messages that took a route lately. */
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { hub } from '../../api/client.ts';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { EmptyState } from '../../parts/empty-state.tsx';
import { ErrorNote } from '../../parts/error-note.tsx';
import { StateBadge } from '../../parts/state-badge.tsx';
import { Time } from '../../parts/time.tsx';
import { usePageTexts } from './page-texts.ts';
import type { MessageSummary } from './sample.ts';

const SHOWN = 10;
const keyOf = ({ id }: MessageSummary) => id;
const hrefOf = ({ id }: MessageSummary) => `/messages/${id}`;

export function RecentMessages({ route }: { route: string }) {
  const t = usePageTexts();
  const messages = useQuery({
    queryKey: ['messages', 'of', 'route', route],
    queryFn: async () => (await hub.messages.list({ route, limit: SHOWN })).items,
  });
  const columns = useMemo<Column<MessageSummary>[]>(
    () => [
      { id: 'id', header: t.id, width: 110, cell: ({ id }) => <span className="mono">…{id.slice(-8)}</span> },
      { id: 'type', header: t.type, width: 120, grow: 1, priority: 2, cell: ({ type }) => type },
      { id: 'state', header: t.state, width: 110, priority: 3, cell: ({ state }) => <StateBadge state={state} /> },
      { id: 'received', header: t.received, width: 150, priority: 1, cell: ({ receivedAt }) => <Time at={receivedAt} /> },
    ],
    [t],
  );
  if (messages.error !== null && messages.data === undefined) {
    return <ErrorNote error={messages.error} onRetry={() => void messages.refetch()} />;
  }
  return (
    <DataTable
      label={t.messages}
      rows={messages.data ?? []}
      columns={columns}
      rowKey={keyOf}
      rowHref={hrefOf}
      storageKey="route-messages"
      loading={messages.isPending}
      empty={<EmptyState title={t.noMessages}>{t.noMessagesMeans}</EmptyState>}
      fit
    />
  );
}
