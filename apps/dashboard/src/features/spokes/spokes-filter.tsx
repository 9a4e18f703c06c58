/** Search and filters of the list of spokes; they stand in the URL. */
import { getRouteApi } from '@tanstack/react-router';
import { useMemo } from 'react';
import { defineTexts } from '../../i18n/texts.ts';
import { FilterBar, type FilterField } from '../../parts/filter-bar.tsx';
import { StateBadge, useStateWord } from '../../parts/state-badge.tsx';
import { familyRank, useFamilyName } from './families.ts';
import { SPOKE_STATES } from './spoke-health.ts';
import type { SpokeRow } from './spoke-row.ts';

const route = getRouteApi('/spokes');

const useTexts = defineTexts({
  en: { search: 'Search spokes', kind: 'Kind', family: 'Family', state: 'Health', trouble: 'needs a look' },
  cs: { search: 'Hledat systémy', kind: 'Druh', family: 'Oblast', state: 'Stav', trouble: 'potřebuje pozornost' },
});

/** @param props.rows all there are: filters offer what occurs */
export function SpokesFilter({ rows }: { rows: readonly SpokeRow[] }) {
  const t = useTexts();
  const word = useStateWord();
  const familyName = useFamilyName();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const fields = useMemo((): FilterField[] => {
    const kinds = new Map(rows.map(({ spoke, kindTitle }) => [spoke.kind, kindTitle]));
    const families = [...new Set(rows.map(({ family }) => family))].sort((a, b) => familyRank(a) - familyRank(b));
    return [
      { kind: 'text', id: 'q', label: t.search, placeholder: t.search },
      {
        kind: 'choice',
        id: 'state',
        label: t.state,
        options: [
          { value: 'trouble', label: t.trouble },
          ...SPOKE_STATES.map((state) => ({ value: state, label: word(state), show: <StateBadge state={state} /> })),
        ],
      },
      { kind: 'choice', id: 'family', label: t.family, options: families.map((family) => ({ value: family, label: familyName(family) })) },
      { kind: 'choice', id: 'kind', label: t.kind, options: [...kinds].map(([value, label]) => ({ value, label })) },
    ];
  }, [rows, t, word, familyName]);
  return (
    <FilterBar
      fields={fields}
      value={search}
      onChange={(changes) => void navigate({ search: (before) => ({ ...before, ...changes }), replace: true })}
    />
  );
}
