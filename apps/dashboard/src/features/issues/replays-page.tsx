/** All replays, with their progress. */
import type { Replay } from '@nave/api-schema';
import { useMemo } from 'react';
import { useFormat } from '../../i18n/format.ts';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { EmptyState } from '../../parts/empty-state.tsx';
import { ErrorNote } from '../../parts/error-note.tsx';
import { Page } from '../../parts/page.tsx';
import { StateBadge, useStateWord } from '../../parts/state-badge.tsx';
import { Time } from '../../parts/time.tsx';
import { filterInWords } from './filter-words.ts';
import { useReplayTexts } from './replay-texts.ts';
import { useReplays } from './use-replay.ts';

const keyOf = (replay: Replay) => replay.id;
const hrefOf = (replay: Replay) => `/replays/${replay.id}`;

export function ReplaysPage() {
  const t = useReplayTexts();
  const list = useReplays();
  const rows = useMemo(() => list.data?.pages.flatMap(({ items }) => items) ?? [], [list.data]);
  const columns = useReplayColumns();
  const running = rows.filter(({ state }) => state === 'running').length;
  return (
    <Page
      title={t.list}
      back={{ to: '/issues', label: t.backToIssues }}
      answer={running > 0 ? `${t.listAnswer} ${t.listRunning(running)}` : t.listAnswer}
      full
    >
      {list.error === null ? null : <ErrorNote error={list.error} onRetry={() => void list.refetch()} />}
      <DataTable
        label={t.list}
        rows={rows}
        columns={columns}
        rowKey={keyOf}
        rowHref={hrefOf}
        loading={list.isPending}
        hasMore={list.hasNextPage}
        loadingMore={list.isFetchingNextPage}
        onEnd={() => void list.fetchNextPage()}
        storageKey="replays"
        empty={<EmptyState title={t.empty}>{t.emptyHint}</EmptyState>}
      />
    </Page>
  );
}

function useReplayColumns(): Column<Replay>[] {
  const t = useReplayTexts();
  const format = useFormat();
  const stateWord = useStateWord();
  // The words for states are new with every drawing, and differ with the language only, as the texts do.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the texts stand for them
  return useMemo(
    () => [
      {
        ...{ id: 'what', header: t.what, grow: 3, width: 240 },
        cell: (replay) => (
          <>
            {t.verb(replay.mode)} <span className="soft">{filterInWords(replay, t.filter, format.clock, stateWord)}</span>
          </>
        ),
      },
      { id: 'state', header: t.state, width: 110, priority: 9, cell: ({ state }) => <StateBadge state={state} /> },
      {
        ...{ id: 'progress', header: t.progressLabel, width: 120, align: 'right', priority: 8 },
        cell: ({ done, total }) => (
          <span className="numbers">
            {format.number(done)} / {format.number(total)}
          </span>
        ),
      },
      { id: 'failed', header: t.failedHeader, width: 80, align: 'right', priority: 3, cell: ({ failed }) => format.number(failed) },
      { id: 'by', header: t.by, grow: 1, width: 130, priority: 4, cell: ({ createdBy }) => <span className="mono">{createdBy}</span> },
      { id: 'at', header: t.at, width: 142, priority: 6, cell: ({ createdAt }) => <Time at={createdAt} /> },
      { id: 'finished', header: t.finished, width: 142, priority: 2, cell: ({ finishedAt }) => <Time at={finishedAt} /> },
    ],
    [t, format],
  );
}
