/** The operations of a spoke in one list: those of its kind, and those its config declares. */
import type { Kind } from '@nave/api-schema';
import { isJsonObject, ownValue } from '../../parts/schema-form/schema-shape.ts';

export interface OperationRow {
  name: string;
  what: string;
  /** Null: it does not say, the kind has a default. */
  idempotent: 'always' | 'key' | 'never' | null;
  lookup: string | null;
  undo: string | null;
}

export function operationRows(kind: Pick<Kind, 'operations'>, config: unknown): OperationRow[] {
  const declared = ownValue(config, 'operations');
  const own = isJsonObject(declared) ? Object.entries(declared) : [];
  return [
    ...kind.operations
      .filter(({ name }) => !own.some(([each]) => each === name))
      .map(({ name, title, summary, idempotent, lookup, undo }) => ({ name, what: summary ?? title, idempotent, lookup, undo })),
    ...own.map(([name, operation]) => ({
      name,
      what: wordsOf(operation),
      idempotent: idempotencyOf(ownValue(operation, 'idempotent')),
      lookup: textOf(operation, 'lookup'),
      undo: textOf(operation, 'undo'),
    })),
  ];
}

function wordsOf(operation: unknown): string {
  const call = [textOf(operation, 'method'), textOf(operation, 'path')].filter((part) => part !== null).join(' ');
  return [textOf(operation, 'title'), call].filter((part) => part !== null && part !== '').join(' · ');
}

function idempotencyOf(value: unknown): OperationRow['idempotent'] {
  return value === 'always' || value === 'key' || value === 'never' ? value : null;
}

function textOf(value: unknown, name: string): string | null {
  const field = ownValue(value, name);
  return typeof field === 'string' && field !== '' ? field : null;
}
