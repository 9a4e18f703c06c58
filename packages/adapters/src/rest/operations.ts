/** What the hub knows of the operations a `rest` spoke declares in its configuration. */
import type { OperationDeclaration } from '@nave/adapter-kit';
import type { Idempotency } from '@nave/core';
import type { RestConfig, RestOperation } from './config.ts';

/** Declarations in the order they are written. */
export function operationsOfRest({ operations = {} }: RestConfig): readonly OperationDeclaration[] {
  return Object.entries(operations).map(([name, operation]) => {
    const { title, lookup, undo, retryOn, rejectOn } = operation;
    return {
      name,
      title: title ?? name,
      summary: `${operation.method} ${operation.path}`,
      input: {},
      idempotent: idempotencyOf(operation),
      ...(lookup === undefined ? {} : { lookup }),
      ...(undo === undefined ? {} : { undo }),
      ...(retryOn === undefined ? {} : { retryOn }),
      ...(rejectOn === undefined ? {} : { rejectOn }),
    };
  });
}

/** POST and PATCH count on a receiver that honours `Idempotency-Key`; the other methods are idempotent by definition (RFC 9110 section 9.2.2). */
export function idempotencyOf({ idempotent, method }: RestOperation): Idempotency {
  return idempotent ?? (method === 'POST' || method === 'PATCH' ? 'key' : 'always');
}
