/** Rows as parameters of a statement: an array for each of their columns, and the query that reads them. */
import { arrayFrom, BOOL, BYTEA, type ElementType, INT4, INT8, TEXT, TIMESTAMP, UUID } from './binary-array.ts';

/** One field of many rows. */
export interface Column<Row> {
  name: string;
  /** PostgreSQL's name of its type. */
  type: string;
  /** An element for each row. */
  array(rows: readonly Row[]): Buffer;
}

/**
 * Makes the columns of one type. They are made once, where a statement is defined: a function that is made for each batch is compiled anew after every full
 * garbage collection (docs/performance.md).
 */
function columnOf<T>(type: ElementType<T>): <Row>(name: string, of: (row: Row) => T | null) => Column<Row> {
  return (name, of) => ({ name, type: type.name, array: (rows) => arrayFrom(type, rows, of) });
}

export const uuidColumn = columnOf(UUID);
export const textColumn = columnOf(TEXT);
export const byteaColumn = columnOf(BYTEA);
export const int4Column = columnOf(INT4);
export const int8Column = columnOf(INT8);
export const boolColumn = columnOf(BOOL);
/** Milliseconds since the Unix epoch as timestamptz. */
export const timestampColumn = columnOf(TIMESTAMP);

/** All columns of the same rows, in order. */
export function parametersOf<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): Buffer[] {
  return columns.map((column) => column.array(rows));
}

/**
 * What reads the rows again: `unnest($1::uuid[]) AS id, unnest($2::text[]) AS spoke, ...`, for the list of a SELECT.
 * In a FROM PostgreSQL would write each array into a table of its own first (ExecMakeTableFunctionResult in src/backend/executor/execSRF.c).
 * @param first number of the parameter of the first column; those of the others follow
 */
export function unnested<Row>(columns: readonly Column<Row>[], first: number): string {
  return columns.map(({ name, type }, n) => `unnest($${first + n}::${type}[]) AS ${name}`).join(', ');
}
