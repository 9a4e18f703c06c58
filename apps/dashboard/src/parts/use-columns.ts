/** The columns of a table: which ones the reader wants (remembered by this browser), and which of those fit. */
import { type ColumnDef, type ColumnVisibilityState, columnVisibilityFeature, tableFeatures, useTable } from '@tanstack/react-table';
import { useMemo, useState } from 'react';
import { type Column, cardColumns, type FittedColumn, fitColumns } from './column-fit.ts';
import { readStored, writeStored } from './stored.ts';

const features = tableFeatures({ columnVisibilityFeature });
/** Rows go straight into the virtual list: a model of 50,000 of them would be made anew with each live update. */
const NO_ROWS: readonly never[] = [];

export interface ColumnChoice {
  id: string;
  header: string;
  wanted: boolean;
  /** Wanted, but without room at the moment. */
  squeezed: boolean;
  toggle: () => void;
}

export interface Columns<T> {
  shown: readonly FittedColumn<Column<T>>[];
  /** Those the reader may hide. */
  choices: readonly ColumnChoice[];
}

/** @param room pixels for all columns. @param cards whether rows are cards, which have no columns to fit */
export function useColumns<T>(columns: readonly Column<T>[], storageKey: string, room: number, cards: boolean): Columns<T> {
  const key = `columns.${storageKey}`;
  const [chosen, setChosen] = useState<ColumnVisibilityState>(() => storedChoice(key));
  const columnVisibility = useMemo(() => visibilityOf(columns, chosen), [columns, chosen]);
  const definitions = useMemo(() => columns.map(definitionOf), [columns]);
  const table = useTable({
    features,
    columns: definitions,
    data: NO_ROWS,
    state: { columnVisibility },
    onColumnVisibilityChange: (update) => {
      const next = typeof update === 'function' ? update(columnVisibility) : update;
      setChosen(next);
      writeStored(key, next);
    },
  });
  const wanted = columns.filter(({ id }) => columnVisibility[id] !== false);
  const ids = wanted.map(({ id }) => id).join(' ');
  // biome-ignore lint/correctness/useExhaustiveDependencies: the ids stand for the wanted ones, which are a new list each time
  const shown = useMemo(
    () => (cards ? cardColumns(wanted).map((column) => ({ column, width: 0 })) : fitColumns(wanted, room)),
    [columns, ids, room, cards],
  );
  const choices = table
    .getAllLeafColumns()
    .filter((column) => column.getCanHide())
    .map((column) => ({
      id: column.id,
      header: columns.find(({ id }) => id === column.id)?.header ?? column.id,
      wanted: column.getIsVisible(),
      squeezed: column.getIsVisible() && !shown.some((one) => one.column.id === column.id),
      toggle: () => column.toggleVisibility(),
    }));
  return { shown, choices };
}

function definitionOf<T>({ id, header, hideable = true }: Column<T>, index: number): ColumnDef<typeof features, never> {
  return { id, header, enableHiding: hideable && index > 0 };
}

/** What was chosen goes before how a column begins. */
function visibilityOf<T>(columns: readonly Column<T>[], chosen: ColumnVisibilityState): ColumnVisibilityState {
  return Object.fromEntries(
    columns.map(({ id, hideable = true, hiddenByDefault = false }, index) => [
      id,
      index === 0 || !hideable || (Object.hasOwn(chosen, id) ? chosen[id] === true : !hiddenByDefault),
    ]),
  );
}

function storedChoice(key: string): ColumnVisibilityState {
  const stored = readStored(key);
  if (typeof stored !== 'object' || stored === null) return {};
  return Object.fromEntries(Object.entries(stored).map(([id, shown]) => [id, shown === true]));
}
