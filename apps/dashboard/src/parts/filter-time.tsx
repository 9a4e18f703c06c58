/** A range of time of a filter bar: spans by one click, or from and to in the chosen zone. */
import { ChevronDown, Clock } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { type Format, useFormat } from '../i18n/format.ts';
import { timeZoneOf, usePreferences } from '../i18n/preferences.ts';
import { Button } from './button.tsx';
import { Field, TextInput } from './field.tsx';
import styles from './filter-bar.module.css';
import { useFilterTexts } from './filter-texts.ts';
import { Popover } from './popover.tsx';
import { fromZoned, parseTimeRange, SPANS, toZoned } from './time-range.ts';

export interface FilterTimeProps {
  label: string;
  from: string | undefined;
  to: string | undefined;
  onRange: (from: string | undefined, to: string | undefined) => void;
}

export function FilterTime({ label, from, to, onRange }: FilterTimeProps) {
  const t = useFilterTexts();
  const format = useFormat();
  const [open, setOpen] = useState(false);
  const choose = (start: string | undefined, end: string | undefined) => {
    onRange(start, end);
    setOpen(false);
  };
  const words = rangeWords(from, to, t, format);
  return (
    <Popover
      label={label}
      open={open}
      onOpen={setOpen}
      width={300}
      trigger={
        <Button
          className={styles['trigger']}
          icon={<Clock aria-hidden />}
          data-filled={words !== null || undefined}
          aria-label={`${label}: ${words ?? t.anyTime}`}
        >
          {words ?? label}
          <ChevronDown aria-hidden />
        </Button>
      }
    >
      <div className={styles['spans']}>
        {SPANS.map((span) => (
          <Button key={span} size="small" aria-pressed={from === span} onClick={() => choose(span, undefined)}>
            {t.spans[span]}
          </Button>
        ))}
        <Button size="small" aria-pressed={words === null} onClick={() => choose(undefined, undefined)}>
          {t.anyTime}
        </Button>
      </div>
      <OwnRange from={from} to={to} onRange={choose} />
    </Popover>
  );
}

function OwnRange({ from, to, onRange }: Omit<FilterTimeProps, 'label'>) {
  const t = useFilterTexts();
  const zone = timeZoneOf(usePreferences());
  const range = parseTimeRange(from, to);
  const [start, setStart] = useState(() => localOf(range?.kind === 'between' ? range.from : null, zone));
  const [end, setEnd] = useState(() => localOf(range?.kind === 'between' ? range.to : null, zone));
  const [error, setError] = useState<string | null>(null);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const [first, last] = [fromZoned(start, zone) ?? undefined, fromZoned(end, zone) ?? undefined];
    if (first === undefined && last === undefined) setError(t.missing);
    else if (parseTimeRange(first, last) === null) setError(t.backwards);
    else onRange(first, last);
  };
  return (
    <form className={styles['range']} onSubmit={submit}>
      <h3>{t.custom(zone)}</h3>
      <Field label={t.from}>
        <TextInput type="datetime-local" value={start} onValue={setStart} />
      </Field>
      <Field label={t.to} error={error}>
        <TextInput type="datetime-local" value={end} onValue={setEnd} />
      </Field>
      <Button type="submit" tone="primary">
        {t.apply}
      </Button>
    </form>
  );
}

function localOf(iso: string | null, zone: string): string {
  return iso === null ? '' : toZoned(iso, zone);
}

/** What is chosen, in words; null for all times. */
function rangeWords(from: string | undefined, to: string | undefined, t: ReturnType<typeof useFilterTexts>, format: Format): string | null {
  const range = parseTimeRange(from, to);
  if (range === null) return null;
  if (range.kind === 'last') {
    const known = SPANS.find((span) => span === range.span);
    return known === undefined ? t.last(format.span(range.ms)) : t.spans[known];
  }
  if (range.from === null) return t.until(format.clock(range.to ?? ''));
  return range.to === null ? t.since(format.clock(range.from)) : `${format.clock(range.from)} – ${format.clock(range.to)}`;
}
