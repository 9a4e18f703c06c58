/** The operations a spoke can be asked for: those of its kind, else those that its settings name. */
import type { Kind, Spoke } from '@nave/api-schema';
import { isJsonObject, ownValue, textOf } from '../../parts/schema-form/schema-shape.ts';

export interface SpokeOperation {
  name: string;
  title: string;
  summary: string | null;
  /** Null: it is not declared, the kind decides. */
  idempotent: 'always' | 'key' | 'never' | null;
  /** Of HTTP, where the settings name one. */
  method: string | null;
}

/** @param kind null while it is not known */
export function operationsOf(spoke: Pick<Spoke, 'config'>, kind: Pick<Kind, 'operations'> | null): SpokeOperation[] {
  const own = (kind?.operations ?? []).map(({ name, title, summary, idempotent }) => ({ name, title, summary, idempotent, method: null }));
  const declared = ownValue(spoke.config, 'operations');
  if (!isJsonObject(declared)) return own;
  const known = new Set(own.map(({ name }) => name));
  return [
    ...own,
    ...Object.entries(declared).flatMap(([name, each]) => (known.has(name) || !isJsonObject(each) ? [] : [declaredOf(name, each)])),
  ];
}

function declaredOf(name: string, operation: Readonly<Record<string, unknown>>): SpokeOperation {
  const said = operation['idempotent'];
  return {
    name,
    title: textOf(operation, 'title') ?? name,
    summary: textOf(operation, 'path') ?? textOf(operation, 'summary'),
    idempotent: said === 'always' || said === 'key' || said === 'never' ? said : null,
    method: textOf(operation, 'method'),
  };
}
