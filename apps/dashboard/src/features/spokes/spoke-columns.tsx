/** The columns of the list of spokes. */
import { ArrowDownToLine, ArrowUpFromLine, Ellipsis } from 'lucide-react';
import { useMemo, useRef } from 'react';
import { useFormat } from '../../i18n/format.ts';
import { defineTexts, plural } from '../../i18n/texts.ts';
import { IconButton } from '../../parts/button.tsx';
import type { Column } from '../../parts/data-table.tsx';
import { Menu } from '../../parts/menu.tsx';
import { StateBadge } from '../../parts/state-badge.tsx';
import { useMedia } from '../../parts/use-media.ts';
import { useFamilyName } from './families.ts';
import { KindLogo } from './kind-logo.tsx';
import type { SpokeActions } from './spoke-actions.tsx';
import { sendsMessages, takesDeliveries } from './spoke-health.ts';
import type { SpokeRow } from './spoke-row.ts';
import styles from './spokes.module.css';

const useTexts = defineTexts({
  en: {
    name: 'Spoke',
    kind: 'Kind',
    family: 'Family',
    direction: 'Direction',
    health: 'Health',
    waiting: 'Waiting',
    oldest: 'Oldest',
    received: 'From it, 1 h',
    delivered: 'To it, 1 h',
    dead: 'Dead',
    actions: 'Menu',
    waits: (n: number) => plural('en', n, { one: '# waits', other: '# wait' }),
    of: (name: string) => `Actions of ${name}`,
    sends: 'sends messages to the hub',
    takes: 'takes deliveries',
  },
  cs: {
    name: 'Systém',
    kind: 'Druh',
    family: 'Oblast',
    direction: 'Směr',
    health: 'Stav',
    waiting: 'Čeká',
    oldest: 'Nejstarší',
    received: 'Z něj za 1 h',
    delivered: 'Do něj za 1 h',
    dead: 'Mrtvá',
    actions: 'Menu',
    waits: (n: number) => plural('cs', n, { one: '# čeká', few: '# čekají', other: '# čeká' }),
    of: (name: string) => `Akce: ${name}`,
    sends: 'posílá zprávy do hubu',
    takes: 'odebírá doručení',
  },
});

/** There the cells stand without headers. */
const ON_CARDS = new Set(['name', 'health', 'waiting', 'dead', 'actions']);

export function useSpokeColumns(actions: SpokeActions): readonly Column<SpokeRow>[] {
  const t = useTexts();
  const format = useFormat();
  const familyName = useFamilyName();
  const narrow = useMedia('(max-width: 640px)');
  // The columns stay the same while what the menu calls changes with each drawing.
  const latest = useRef(actions);
  latest.current = actions;
  return useMemo(() => {
    const missing = <span className="soft">–</span>;
    const count = (value: number | null) =>
      value === null ? missing : value === 0 ? <span className="soft">0</span> : format.compact(value);
    const columns: Column<SpokeRow>[] = [
      {
        id: 'name',
        header: t.name,
        width: 220,
        grow: 2,
        cell: ({ spoke, kindTitle }) => (
          <span className={styles['name']}>
            <KindLogo kind={spoke.kind} title={kindTitle} />
            <span className={styles['title']}>{spoke.title}</span>
            {spoke.title === spoke.name ? null : <span className={styles['id']}>{spoke.name}</span>}
          </span>
        ),
      },
      { id: 'health', header: t.health, width: 136, priority: 9, cell: ({ state }) => <StateBadge state={state} /> },
      {
        id: 'waiting',
        header: t.waiting,
        width: 72,
        priority: 8,
        align: 'right',
        cell: ({ waiting }) => (narrow ? (waiting ? t.waits(waiting) : null) : count(waiting)),
      },
      {
        id: 'oldest',
        header: t.oldest,
        width: 76,
        priority: 4,
        align: 'right',
        cell: ({ queue }) => (queue === null || queue.oldestSeconds === 0 ? missing : format.span(queue.oldestSeconds * 1_000)),
      },
      {
        id: 'received',
        header: t.received,
        width: 100,
        priority: 6,
        align: 'right',
        cell: ({ traffic, spoke }) => (sendsMessages(spoke) ? count(traffic?.received ?? null) : missing),
      },
      {
        id: 'delivered',
        header: t.delivered,
        width: 100,
        priority: 6,
        align: 'right',
        cell: ({ traffic, spoke }) => (takesDeliveries(spoke) ? count(traffic?.total ?? null) : missing),
      },
      {
        id: 'dead',
        header: t.dead,
        width: 104,
        priority: 5,
        align: 'right',
        cell: ({ queue }) =>
          queue !== null && queue.depth.dead > 0 ? (
            <StateBadge state="dead" count={format.compact(queue.depth.dead)} bare />
          ) : narrow ? null : (
            missing
          ),
      },
      {
        id: 'direction',
        header: t.direction,
        width: 88,
        priority: 3,
        cell: ({ spoke }) => (
          <span className={styles['direction']}>
            {sendsMessages(spoke) ? <ArrowUpFromLine role="img" aria-label={t.sends} /> : <span />}
            {takesDeliveries(spoke) ? <ArrowDownToLine role="img" aria-label={t.takes} /> : null}
          </span>
        ),
      },
      { id: 'kind', header: t.kind, width: 130, grow: 1, priority: 5, cell: ({ kindTitle }) => kindTitle },
      { id: 'family', header: t.family, width: 150, grow: 1, priority: 2, hiddenByDefault: true, cell: ({ family }) => familyName(family) },
      {
        id: 'actions',
        header: t.actions,
        width: 92,
        priority: 10,
        hideable: false,
        align: 'right',
        cell: ({ spoke }) => (
          <Menu
            label={spoke.title}
            trigger={<IconButton label={t.of(spoke.title)} icon={<Ellipsis />} size="small" />}
            items={latest.current.menuOf(spoke)}
          />
        ),
      },
    ];
    return narrow ? columns.filter(({ id }) => ON_CARDS.has(id)) : columns;
  }, [t, format, familyName, narrow]);
}
