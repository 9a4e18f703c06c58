/** Search and filters of the list of spokes; they stand in the URL. */
import { getRouteApi } from '@tanstack/react-router';
import { useId } from 'react';
import { defineTexts } from '../../i18n/texts.ts';
import { Select, TextInput } from '../../parts/field.tsx';
import { useStateWord } from '../../parts/state-badge.tsx';
import { familyRank, useFamilyName } from './families.ts';
import { SPOKE_STATES } from './spoke-health.ts';
import type { SpokeFilter, SpokeRow } from './spoke-row.ts';
import styles from './spokes.module.css';

const route = getRouteApi('/spokes');

const useTexts = defineTexts({
  en: {
    search: 'Search spokes',
    kind: 'Kind',
    family: 'Family',
    state: 'Health',
    anyKind: 'All kinds',
    anyFamily: 'All families',
    anyState: 'Any health',
    trouble: 'needs a look',
  },
  cs: {
    search: 'Hledat systémy',
    kind: 'Druh',
    family: 'Oblast',
    state: 'Stav',
    anyKind: 'Všechny druhy',
    anyFamily: 'Všechny oblasti',
    anyState: 'Jakýkoli stav',
    trouble: 'potřebuje pozornost',
  },
});

/** @param props.rows all there are: filters offer what occurs */
export function SpokesFilter({ rows }: { rows: readonly SpokeRow[] }) {
  const t = useTexts();
  const word = useStateWord();
  const familyName = useFamilyName();
  const id = useId();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const change = (changes: SpokeFilter) => void navigate({ search: (before) => ({ ...before, ...changes }), replace: true });
  const kinds = new Map(rows.map(({ spoke, kindTitle }) => [spoke.kind, kindTitle]));
  const families = [...new Set(rows.map(({ family }) => family))].sort((a, b) => familyRank(a) - familyRank(b));
  return (
    <search className={styles['filter']}>
      <TextInput
        id={`${id}-q`}
        type="search"
        value={search.q ?? ''}
        onValue={(q) => change({ q: q === '' ? undefined : q })}
        placeholder={t.search}
        aria-label={t.search}
      />
      <Select
        aria-label={t.state}
        value={search.state ?? ''}
        onValue={(state) => change({ state: state === '' ? undefined : state })}
        options={[
          { value: '', label: t.anyState },
          { value: 'trouble', label: t.trouble },
          ...SPOKE_STATES.map((state) => ({ value: state, label: word(state) })),
        ]}
      />
      <Select
        aria-label={t.family}
        value={search.family ?? ''}
        onValue={(family) => change({ family: family === '' ? undefined : family })}
        options={[{ value: '', label: t.anyFamily }, ...families.map((family) => ({ value: family, label: familyName(family) }))]}
      />
      <Select
        aria-label={t.kind}
        value={search.kind ?? ''}
        onValue={(kind) => change({ kind: kind === '' ? undefined : kind })}
        options={[{ value: '', label: t.anyKind }, ...[...kinds].map(([value, label]) => ({ value, label }))]}
      />
    </search>
  );
}
