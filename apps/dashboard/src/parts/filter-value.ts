/** What a filter bar keeps: plain texts, as they stand in the URL. */
import type { ReactNode } from 'react';

export type FilterValue = Partial<Record<string, string>>;

export interface FilterOption {
  value: string;
  label: string;
  /** Instead of the label, such as a StateBadge. */
  show?: ReactNode;
}

export type FilterField =
  | { kind: 'text'; id: string; label: string; placeholder?: string /** Pixels; default 220. */; width?: number }
  /** Several values stand separated by commas. */
  | { kind: 'choice'; id: string; label: string; options: readonly FilterOption[] /** Takes one value only. */; single?: boolean }
  /** `id` holds the beginning (an instant, or a span such as `1h`), `toId` the end. */
  | { kind: 'time'; id: string; toId: string; label: string };

export function chosenOf(text: string | undefined): string[] {
  return (text ?? '')
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '');
}

/** @returns undefined for none, which takes the parameter out of the URL */
export function chosenText(values: readonly string[]): string | undefined {
  return values.length === 0 ? undefined : values.join(',');
}

/** The names a field keeps its value under. */
function namesOf(field: FilterField): string[] {
  return field.kind === 'time' ? [field.id, field.toId] : [field.id];
}

/** How many fields narrow the list. */
export function filledCount(fields: readonly FilterField[], value: FilterValue): number {
  return fields.filter((field) => namesOf(field).some((name) => (value[name] ?? '') !== '')).length;
}

/** All fields without a value, so that spreading it over a search takes them out. */
export function clearedValue(fields: readonly FilterField[]): FilterValue {
  return Object.fromEntries(fields.flatMap(namesOf).map((name) => [name, undefined]));
}

/** Options whose label or value has the text, whatever its case and accents. */
export function matchingOptions(options: readonly FilterOption[], text: string): readonly FilterOption[] {
  const wanted = plain(text.trim());
  return wanted === '' ? options : options.filter(({ value, label }) => plain(label).includes(wanted) || plain(value).includes(wanted));
}

function plain(text: string): string {
  return text.normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase();
}
