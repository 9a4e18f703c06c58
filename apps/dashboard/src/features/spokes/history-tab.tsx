/** What was done to a spoke and by whom: the entries of the audit about it. */
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { hub } from '../../api/client.ts';
import { defineTexts } from '../../i18n/texts.ts';
import { Button } from '../../parts/button.tsx';
import { EmptyState } from '../../parts/empty-state.tsx';
import { ErrorNote } from '../../parts/error-note.tsx';
import { Panel } from '../../parts/page.tsx';
import { isJsonObject } from '../../parts/schema-form/schema-shape.ts';
import { SkeletonRows } from '../../parts/skeleton.tsx';
import { Time } from '../../parts/time.tsx';
import styles from './spoke-page.module.css';

const PAGE = 30;
const SHOWN_MAX = 300;
const FIRST: { cursor: string | null } = { cursor: null };

const useTexts = defineTexts({
  en: {
    title: 'What was done',
    at: 'When',
    actor: 'Who',
    action: 'What',
    detail: 'Detail',
    none: 'Nothing was recorded yet',
    more: 'Show older',
    audit: 'In the audit',
    actions: {
      'spoke.create': 'added',
      'spoke.update': 'changed',
      'spoke.delete': 'deleted',
      'spoke.pause': 'paused',
      'spoke.resume': 'resumed',
      'breaker.open': 'circuit opened',
      'breaker.close': 'circuit closed',
      'breaker.reset': 'circuit closed by hand',
      'poll.run': 'fetched by hand',
    } as Readonly<Record<string, string>>,
  },
  cs: {
    title: 'Co se dělo',
    at: 'Kdy',
    actor: 'Kdo',
    action: 'Co',
    detail: 'Podrobnosti',
    none: 'Zatím nic není zaznamenáno',
    more: 'Ukázat starší',
    audit: 'V auditu',
    actions: {
      'spoke.create': 'přidáno',
      'spoke.update': 'změněno',
      'spoke.delete': 'smazáno',
      'spoke.pause': 'pozastaveno',
      'spoke.resume': 'spuštěno',
      'breaker.open': 'okruh přerušen',
      'breaker.close': 'okruh zapojen',
      'breaker.reset': 'okruh zapojen ručně',
      'poll.run': 'staženo ručně',
    },
  },
});

export function HistoryTab({ name }: { name: string }) {
  const t = useTexts();
  const subject = `spoke:${name}`;
  const entries = useInfiniteQuery({
    queryKey: ['audit', 'of', subject],
    queryFn: ({ pageParam }) => hub.audit.list({ subject: [subject], limit: PAGE, ...(pageParam === null ? {} : { cursor: pageParam }) }),
    initialPageParam: FIRST.cursor,
    getNextPageParam: (page) => page.nextCursor,
  });
  if (entries.isError) return <ErrorNote error={entries.error} onRetry={() => void entries.refetch()} />;
  if (entries.isPending) return <SkeletonRows rows={6} height={28} />;
  const all = entries.data.pages.flatMap(({ items }) => items);
  if (all.length === 0) return <EmptyState title={t.none} />;
  return (
    <Panel
      title={t.title}
      flush
      actions={
        <Link to="/audit" search={{ subject }}>
          {t.audit}
        </Link>
      }
    >
      <div className={styles['scroll']}>
        <table className={styles['table']}>
          <thead>
            <tr>
              <th>{t.at}</th>
              <th>{t.actor}</th>
              <th>{t.action}</th>
              <th>{t.detail}</th>
            </tr>
          </thead>
          <tbody>
            {all.map((entry) => (
              <tr key={entry.id}>
                <td style={{ whiteSpace: 'nowrap' }}>
                  <Time at={entry.at} />
                </td>
                <td className="mono">{entry.actor}</td>
                <td>{t.actions[entry.action] ?? <code>{entry.action}</code>}</td>
                <td className="soft">{detailText(entry.detail)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {entries.hasNextPage && all.length < SHOWN_MAX ? (
        <div className={styles['more']}>
          <Button size="small" busy={entries.isFetchingNextPage} onClick={() => void entries.fetchNextPage()}>
            {t.more}
          </Button>
        </div>
      ) : null}
    </Panel>
  );
}

/** Details are small and flat: names and numbers, and the places that changed. */
function detailText(detail: unknown): string {
  if (!isJsonObject(detail)) return '';
  return Object.entries(detail)
    .map(
      ([name, value]) =>
        `${name} ${Array.isArray(value) ? value.join(', ') : typeof value === 'object' ? JSON.stringify(value) : String(value)}`,
    )
    .join(' · ');
}
