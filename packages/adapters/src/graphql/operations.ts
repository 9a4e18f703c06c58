/** What the hub knows of the operations a `graphql` spoke declares: their input is derived from the variables of their documents. */
import type { OperationDeclaration } from '@nave/adapter-kit';
import type { Idempotency } from '@nave/core';
import { type GraphqlOperation, parseGraphqlDocument, readGraphqlSchema, variablesJsonSchema } from '@nave/protocols';
import type { GraphqlConfig, GraphqlSpokeOperation } from './config.ts';

/** Declarations in the order they are written. What does not parse was refused before, and is left with an open input. */
export function operationsOfGraphql({ operations = {}, schema: text }: GraphqlConfig): readonly OperationDeclaration[] {
  const read = text === undefined ? null : readGraphqlSchema(text);
  const schema = read?.ok ? read.schema : null;
  return Object.entries(operations).map(([name, operation]) => {
    const { title, lookup, undo, variables } = operation;
    const parsed = parseGraphqlDocument(operation.document, operation.operationName);
    const declared = parsed.ok ? parsed.operation : null;
    return {
      name,
      title: title ?? name,
      summary: summaryOf(declared),
      // With a mapping of its own the input is what the mapping reads: nothing to be derived.
      input: declared && variables === undefined ? { ...variablesJsonSchema(declared.variables, schema), additionalProperties: true } : {},
      idempotent: idempotencyOf(operation, declared),
      ...(lookup === undefined ? {} : { lookup }),
      ...(undo === undefined ? {} : { undo }),
    };
  });
}

/** Queries only read. A mutation is repeated only where somebody says that it may be: few GraphQL systems honour an idempotency key. */
export function idempotencyOf({ idempotent }: GraphqlSpokeOperation, parsed: Pick<GraphqlOperation, 'type'> | null): Idempotency {
  return idempotent ?? (parsed?.type === 'query' ? 'always' : 'never');
}

function summaryOf(declared: GraphqlOperation | null): string {
  if (!declared) return 'a document that does not parse';
  return `${declared.type} ${[...declared.rootFields].slice(0, 5).join(', ')}`;
}
