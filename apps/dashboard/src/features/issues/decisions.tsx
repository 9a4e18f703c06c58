/** Outcomes that nobody knows, one by one, each with the two answers a person can give. */
import { useNavigate, useSearch } from '@tanstack/react-router';
import { CircleCheck } from 'lucide-react';
import { useRef } from 'react';
import { Button } from '../../parts/button.tsx';
import { EmptyState } from '../../parts/empty-state.tsx';
import { ErrorNote } from '../../parts/error-note.tsx';
import { FilterBar, type FilterField, type FilterValue } from '../../parts/filter-bar.tsx';
import { filledCount } from '../../parts/filter-value.ts';
import { Skeleton } from '../../parts/skeleton.tsx';
import { useShortcuts } from '../../parts/use-shortcuts.ts';
import { Decision } from './decision.tsx';
import { useDecisionTexts } from './decision-texts.ts';
import styles from './issues.module.css';
import { useIssueTexts } from './texts.ts';
import { useNameOptions, useUndecided } from './use-issues.ts';

export function Decisions() {
  const t = useIssueTexts();
  const words = useDecisionTexts();
  const search = useSearch({ from: '/issues' });
  const navigate = useNavigate();
  const list = useUndecided(search);
  const items = list.data?.pages.flatMap((page) => page.items) ?? [];
  const cards = useRef<HTMLUListElement>(null);
  const move = (by: number) => {
    const all = [...(cards.current?.querySelectorAll<HTMLElement>(':scope > li') ?? [])];
    const now = all.findIndex((card) => card.contains(document.activeElement));
    all[Math.max(0, Math.min(all.length - 1, now === -1 ? 0 : now + by))]?.focus();
  };
  useShortcuts([
    { keys: 'j', description: words.next, first: true, run: () => move(1) },
    { keys: 'k', description: words.previous, first: true, run: () => move(-1) },
  ]);
  const fields: FilterField[] = [
    { kind: 'choice', id: 'spoke', label: t.spoke, options: useNameOptions('spokes', search.spoke) },
    { kind: 'choice', id: 'route', label: t.route, options: useNameOptions('routes', search.route) },
  ];
  const change = (changes: FilterValue) => void navigate({ to: '.', search: (before) => ({ ...before, ...changes }), replace: true });
  const filtered = filledCount(fields, search) > 0;
  return (
    <div className={styles['scrolls']}>
      <FilterBar fields={fields} value={search} onChange={change} />
      {list.error === null ? null : <ErrorNote error={list.error} onRetry={() => void list.refetch()} />}
      {list.isPending ? (
        <>
          <Skeleton height={190} />
          <Skeleton height={190} />
        </>
      ) : items.length === 0 && list.error === null ? (
        filtered ? (
          <EmptyState title={t.failuresNone}>{t.failuresNoneHint}</EmptyState>
        ) : (
          <EmptyState icon={<CircleCheck className={styles['green']} aria-hidden />} title={t.decisionsEmpty}>
            {t.decisionsEmptyHint}
          </EmptyState>
        )
      ) : (
        <>
          {items.length === 0 ? null : <p className="soft">{t.decisionsIntro}</p>}
          <ul ref={cards} className={styles['cards']} aria-label={words.label}>
            {items.map((delivery) => (
              <li key={delivery.id} className={styles['card']} tabIndex={-1}>
                <Decision delivery={delivery} />
              </li>
            ))}
          </ul>
          {list.hasNextPage ? (
            <div>
              <Button busy={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
                {words.loadMore}
              </Button>
            </div>
          ) : null}
        </>
      )}
    </div>
  );
}
