/** The hub in the middle, the systems around it, the routes between them, live. On narrow screens a table with the same facts comes first. */
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { Network, Table2 } from 'lucide-react';
import { useMemo, useRef, useState } from 'react';
import { useFormat } from '../../i18n/format.ts';
import { buttonClass } from '../../parts/button.tsx';
import { EmptyState } from '../../parts/empty-state.tsx';
import { ErrorNote } from '../../parts/error-note.tsx';
import { TextInput } from '../../parts/field.tsx';
import { Page } from '../../parts/page.tsx';
import { Skeleton } from '../../parts/skeleton.tsx';
import { SlideOver } from '../../parts/slide-over.tsx';
import { Split } from '../../parts/split.tsx';
import { useMedia } from '../../parts/use-media.ts';
import { useShortcuts } from '../../parts/use-shortcuts.ts';
import { QueuesAnswer } from '../queues/api.ts';
import { ResumeDialog } from '../spokes/api.ts';
import { type Chosen, chosenOf, chosenText } from './chosen.ts';
import styles from './map.module.css';
import { MapCanvas } from './map-canvas.tsx';
import { MapLegend } from './map-legend.tsx';
import type { MapModel } from './map-model.ts';
import { MapTables } from './map-tables.tsx';
import { rateText } from './rate-text.ts';
import { RoutePanel } from './route-panel.tsx';
import { SpokePanel } from './spoke-panel.tsx';
import { useMapTexts } from './texts.ts';
import { useMap } from './use-map.ts';

export function MapPage() {
  const t = useMapTexts();
  const format = useFormat();
  const search = useSearch({ from: '/map' });
  const navigate = useNavigate({ from: '/map' });
  const narrow = useMedia('(max-width: 640px)');
  const { model, spokes, stats, pending, failed } = useMap();
  const [text, setText] = useState('');
  const [resumed, setResumed] = useState<string | null>(null);
  const view = search.view === 'table' || search.view === 'map' ? search.view : narrow ? 'table' : 'map';
  const chosen = useMemo(() => chosenOf(search.select), [search.select]);
  const found = useMemo(() => foundOf(text, model), [text, model]);
  const choose = (next: Chosen | null) =>
    void navigate({ search: (before) => ({ ...before, select: next === null ? undefined : chosenText(next) }) });
  const resuming = spokes?.find(({ name }) => name === resumed);
  const answer = (
    <QueuesAnswer
      rows={model.spokes.flatMap(({ row, takes }) => (row === null || !takes ? [] : [row]))}
      onResume={setResumed}
      calm={t.calm(model.spokes.length, rateText(stats?.messages.ratePerSecond ?? 0, format))}
      more={t.more}
    />
  );
  return (
    <Split
      list={
        <Page
          title={t.title}
          answer={pending ? t.reading : model.spokes.length === 0 ? null : answer}
          actions={
            model.spokes.length === 0 ? null : (
              <>
                <Find
                  text={text}
                  onText={setText}
                  count={found?.size ?? null}
                  onFirst={() => {
                    const [first] = found ?? [];
                    if (first !== undefined) choose({ kind: 'spoke', name: first });
                  }}
                />
                <Views view={view} />
              </>
            )
          }
          full={view === 'map'}
        >
          <div className={styles['page']}>
            {failed === null ? null : <ErrorNote error={failed.error ?? new Error('')} onRetry={() => void failed.refetch()} />}
            {pending ? (
              failed === null ? (
                <Skeleton height="100%" />
              ) : null
            ) : model.spokes.length === 0 ? (
              <Empty />
            ) : view === 'map' ? (
              <>
                <MapCanvas
                  model={model}
                  perSecond={stats?.messages.ratePerSecond ?? null}
                  chosen={chosen}
                  onChoose={choose}
                  found={found}
                />
                <MapLegend asOf={stats?.asOf ?? null} />
              </>
            ) : (
              <MapTables model={model} found={found} chosen={chosen} onChoose={choose} />
            )}
          </div>
          {resuming === undefined ? null : <ResumeDialog spoke={resuming} onClose={() => setResumed(null)} />}
        </Page>
      }
      detail={chosen === null || pending ? null : <Beside chosen={chosen} model={model} onClose={() => choose(null)} />}
    />
  );
}

function Beside({ chosen, model, onClose }: { chosen: Chosen; model: MapModel; onClose: () => void }) {
  const t = useMapTexts();
  const spoke = chosen.kind === 'spoke' ? model.spokes.find(({ name }) => name === chosen.name) : undefined;
  const route = chosen.kind === 'route' ? model.routes.find(({ name }) => name === chosen.name) : undefined;
  if (spoke !== undefined) return <SpokePanel spoke={spoke} model={model} onClose={onClose} />;
  if (route !== undefined) return <RoutePanel route={route} model={model} onClose={onClose} />;
  return (
    <SlideOver label={chosen.name} of={chosen.name} onClose={onClose}>
      <EmptyState title={t.gone} />
    </SlideOver>
  );
}

function Views({ view }: { view: 'map' | 'table' }) {
  const t = useMapTexts();
  const shown = [
    { to: 'map', label: t.map, icon: <Network aria-hidden /> },
    { to: 'table', label: t.table, icon: <Table2 aria-hidden /> },
  ] as const;
  return (
    <nav className={styles['views']} aria-label={t.shownAs}>
      {shown.map(({ to, label, icon }) => (
        <Link
          key={to}
          to="/map"
          search={(before) => ({ ...before, view: to })}
          replace
          {...(view === to ? { 'aria-current': 'true' as const } : {})}
        >
          {icon} {label}
        </Link>
      ))}
    </nav>
  );
}

interface FindProps {
  text: string;
  onText: (text: string) => void;
  /** Null: nothing is searched for. */
  count: number | null;
  onFirst: () => void;
}

function Find({ text, onText, count, onFirst }: FindProps) {
  const t = useMapTexts();
  const input = useRef<HTMLDivElement>(null);
  const focus = () => {
    const field = input.current?.querySelector('input');
    field?.focus();
    field?.select();
  };
  useShortcuts([{ keys: '/', description: t.search, first: true, run: focus }]);
  return (
    <search className={styles['toolbar']}>
      <div ref={input} className={styles['search']}>
        <TextInput
          type="search"
          aria-label={t.search}
          placeholder={t.search}
          value={text}
          onValue={onText}
          onKeyDown={(event) => {
            if (event.key === 'Enter') onFirst();
          }}
        />
      </div>
      <span className="soft" role="status">
        {count === null ? null : t.found(count)}
      </span>
    </search>
  );
}

function Empty() {
  const t = useMapTexts();
  return (
    <EmptyState
      title={t.none}
      icon={<Network aria-hidden />}
      action={
        <Link to="/spokes/new" className={buttonClass('primary')}>
          {t.add}
        </Link>
      }
    >
      {t.noneMeans}
    </EmptyState>
  );
}

/** Null: nothing is searched for. */
function foundOf(text: string, { spokes }: MapModel): ReadonlySet<string> | null {
  const words = text
    .toLocaleLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  if (words.length === 0) return null;
  const fits = spokes.filter(({ name, title, kindTitle }) => {
    const all = `${name} ${title} ${kindTitle}`.toLocaleLowerCase();
    return words.every((word) => all.includes(word));
  });
  return new Set(fits.map(({ name }) => name));
}
