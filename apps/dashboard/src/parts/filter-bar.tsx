/** The filters above a list. What is chosen lives in the URL: this only shows it, and tells what is wanted instead. */
import { ListFilter, X } from 'lucide-react';
import { memo, type ReactNode, useId, useRef, useState } from 'react';
import { Button } from './button.tsx';
import styles from './filter-bar.module.css';
import { FilterChoice } from './filter-choice.tsx';
import { FilterText } from './filter-text.tsx';
import { useFilterTexts } from './filter-texts.ts';
import { FilterTime } from './filter-time.tsx';
import { chosenOf, chosenText, clearedValue, type FilterField, type FilterValue, filledCount } from './filter-value.ts';
import { useMedia } from './use-media.ts';
import { useShortcuts } from './use-shortcuts.ts';

export type { FilterField, FilterValue } from './filter-value.ts';

export interface FilterBarProps {
  /** The first text field is where `/` leads. */
  fields: readonly FilterField[];
  /** The page's search params; those of no field are left alone. */
  value: FilterValue;
  /** Only what has changed; undefined takes it out: `navigate({ search: (before) => ({ ...before, ...changes }), replace: true })`. */
  onChange: (changes: FilterValue) => void;
  /** Saved views, before the fields. */
  views?: ReactNode;
  /** At the right end, such as a live switch. */
  trailing?: ReactNode;
}

export const FilterBar = memo(function FilterBar({ fields, value, onChange, views, trailing }: FilterBarProps) {
  const t = useFilterTexts();
  const id = useId();
  const narrow = useMedia('(max-width: 640px)');
  const [unfolded, setUnfolded] = useState(false);
  const search = useRef<HTMLInputElement>(null);
  const slash = useRef(false);
  const firstText = fields.find(({ kind }) => kind === 'text');
  const count = filledCount(fields, value);
  const shown = !narrow || unfolded;
  useShortcuts(
    firstText === undefined
      ? []
      : [
          {
            keys: '/',
            description: t.shortcut,
            first: true,
            run: () => {
              slash.current = true;
              setUnfolded(true);
              search.current?.select();
            },
          },
        ],
  );
  const input = (element: HTMLInputElement | null) => {
    search.current = element;
    // Unfolded by the key: the field comes with the next drawing.
    if (element === null) return;
    if (slash.current) element.focus();
    slash.current = false;
  };
  return (
    <div className={styles['bar']}>
      {views}
      {narrow ? (
        <Button icon={<ListFilter aria-hidden />} aria-expanded={unfolded} aria-controls={id} onClick={() => setUnfolded(!unfolded)}>
          {t.filters(count)}
        </Button>
      ) : null}
      <div id={id} className={styles['fields']} hidden={!shown}>
        {shown
          ? fields.map((field) => (
              <FieldOf key={field.id} field={field} value={value} onChange={onChange} input={field === firstText ? input : null} />
            ))
          : null}
      </div>
      <Chips fields={fields} value={value} onChange={onChange} />
      {count === 0 ? null : (
        <Button tone="ghost" size="small" onClick={() => onChange(clearedValue(fields))}>
          {t.clearAll}
        </Button>
      )}
      {trailing === undefined ? null : <div className={styles['trailing']}>{trailing}</div>}
    </div>
  );
});

interface FieldOfProps extends Pick<FilterBarProps, 'value' | 'onChange'> {
  field: FilterField;
  input: ((element: HTMLInputElement | null) => void) | null;
}

function FieldOf({ field, value, onChange, input }: FieldOfProps) {
  if (field.kind === 'text') {
    return (
      <FilterText
        label={field.label}
        placeholder={field.placeholder}
        width={field.width ?? 220}
        value={value[field.id] ?? ''}
        onValue={(text) => onChange({ [field.id]: text === '' ? undefined : text })}
        input={input}
      />
    );
  }
  if (field.kind === 'choice') {
    return (
      <FilterChoice
        label={field.label}
        options={field.options}
        single={field.single ?? false}
        chosen={chosenOf(value[field.id])}
        onChosen={(chosen) => onChange({ [field.id]: chosenText(chosen) })}
      />
    );
  }
  return (
    <FilterTime
      label={field.label}
      from={value[field.id]}
      to={value[field.toId]}
      onRange={(from, to) => onChange({ [field.id]: from, [field.toId]: to })}
    />
  );
}

/** What is chosen, each with its way out. */
function Chips({ fields, value, onChange }: Pick<FilterBarProps, 'fields' | 'value' | 'onChange'>) {
  const t = useFilterTexts();
  const chips = fields.flatMap((field) => {
    if (field.kind !== 'choice') return [];
    const chosen = chosenOf(value[field.id]);
    return chosen.map((one) => ({
      key: `${field.id} ${one}`,
      words: `${field.label}: ${field.options.find((option) => option.value === one)?.label ?? one}`,
      remove: () => onChange({ [field.id]: chosenText(chosen.filter((other) => other !== one)) }),
    }));
  });
  if (chips.length === 0) return null;
  return (
    <ul className={styles['chips']}>
      {chips.map(({ key, words, remove }) => (
        <li key={key}>
          <span>{words}</span>
          <button type="button" aria-label={t.remove(words)} title={t.remove(words)} onClick={remove}>
            <X aria-hidden />
          </button>
        </li>
      ))}
    </ul>
  );
}
