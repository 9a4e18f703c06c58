/** Reads the document of an operation: one query or mutation, checked as far as that goes without and with the system's schema. */
import { isDeeperThan } from '@nave/adapter-kit';
import type { DocumentNode, GraphQLError, GraphQLSchema, OperationDefinitionNode, ValidationRule, VariableDefinitionNode } from 'graphql';
import { graphqlLibrary } from './graphql-library.ts';

/** One operation of a document, with the fragments it uses and nothing else. */
export interface GraphqlOperation {
  type: 'query' | 'mutation';
  name: string | null;
  document: DocumentNode;
  variables: readonly VariableDefinitionNode[];
  /** Names a field has in the answer, at the top: aliases, or the names themselves. Fragments at the top are followed. */
  rootFields: ReadonlySet<string>;
  /** Every name that a field can have in the answer: all that may be quoted of an error's path. */
  answerNames: ReadonlySet<string>;
}

/** What is wrong, with its place in the text (from 1) where it has one. */
export interface GraphqlProblem {
  message: string;
  line: number | null;
  column: number | null;
}

export type ParsedGraphqlDocument = { ok: true; operation: GraphqlOperation } | { ok: false; problems: readonly GraphqlProblem[] };

const TOKENS_MAX = 10_000;
const DEPTH_MAX = 100;
const PROBLEMS_MAX = 20;

/**
 * The operation of that name; without a name the only one. Subscriptions are refused: an operation is one request and one answer.
 * Limits: 10,000 tokens, nested 100 deep.
 */
export function parseGraphqlDocument(text: string, operationName?: string): ParsedGraphqlDocument {
  const library = graphqlLibrary();
  if (isDeeperThan(text, DEPTH_MAX)) return refuse(`the document is nested deeper than ${DEPTH_MAX} levels`);
  let whole: DocumentNode;
  try {
    whole = library.parse(text, { maxTokens: TOKENS_MAX });
  } catch (error) {
    if (error instanceof library.GraphQLError) return { ok: false, problems: [problemOf(error)] };
    // Brackets that hide behind a comment's quotes escape the count above; the parser's recursion ends here.
    if (error instanceof RangeError) return refuse('the document is nested too deeply');
    throw error;
  }
  const definitions = whole.definitions.filter((each) => each.kind === library.Kind.OPERATION_DEFINITION);
  const chosen = choose(definitions, operationName);
  if (typeof chosen === 'string') return refuse(chosen);
  const invalid = library.validate(emptySchema(), whole, schemaFreeRules(), { maxErrors: PROBLEMS_MAX });
  if (invalid.length > 0) return { ok: false, problems: invalid.map(problemOf) };
  const type = chosen.operation;
  if (type === 'subscription') return refuse('a subscription is not an operation of a spoke: expected a query or a mutation');
  const document = library.separateOperations(whole)[chosen.name?.value ?? ''] ?? whole;
  const names = namesIn(document, chosen);
  return {
    ok: true,
    operation: { type, name: chosen.name?.value ?? null, document, variables: chosen.variableDefinitions ?? [], ...names },
  };
}

/** What a schema says against a document: unknown fields, wrong argument types, missing arguments. Empty when it fits. */
export function graphqlSchemaProblems({ document }: Pick<GraphqlOperation, 'document'>, schema: GraphQLSchema): readonly GraphqlProblem[] {
  return graphqlLibrary().validate(schema, document, undefined, { maxErrors: PROBLEMS_MAX }).map(problemOf);
}

/** `line 3, column 5: ...`, or the message alone. */
export function graphqlProblemText({ message, line, column }: GraphqlProblem): string {
  return line === null ? message : `line ${line}, column ${column}: ${message}`;
}

function choose(definitions: readonly OperationDefinitionNode[], name: string | undefined): OperationDefinitionNode | string {
  const names = definitions.map((each) => each.name?.value ?? '(without a name)').join(', ');
  if (definitions.length === 0) return 'the document has no operation: expected a query or a mutation';
  if (name !== undefined)
    return definitions.find((each) => each.name?.value === name) ?? `the document has no operation ${name}, only ${names}`;
  const [only] = definitions;
  return definitions.length === 1 && only ? only : `the document has several operations: expected operationName to be one of ${names}`;
}

function namesIn(document: DocumentNode, chosen: OperationDefinitionNode): Pick<GraphqlOperation, 'rootFields' | 'answerNames'> {
  const { Kind, visit } = graphqlLibrary();
  const fragments = new Map(
    document.definitions.flatMap((each) => (each.kind === Kind.FRAGMENT_DEFINITION ? [[each.name.value, each]] : [])),
  );
  const rootFields = new Set<string>();
  const followed = new Set<string>();
  const follow = ({ selections }: OperationDefinitionNode['selectionSet']): void => {
    for (const each of selections) {
      if (each.kind === Kind.FIELD) rootFields.add((each.alias ?? each.name).value);
      else if (each.kind === Kind.INLINE_FRAGMENT) follow(each.selectionSet);
      else if (!followed.has(each.name.value)) {
        followed.add(each.name.value);
        const fragment = fragments.get(each.name.value);
        if (fragment) follow(fragment.selectionSet);
      }
    }
  };
  follow(chosen.selectionSet);
  const answerNames = new Set<string>();
  visit(document, { Field: ({ alias, name }) => void answerNames.add((alias ?? name).value) });
  return { rootFields, answerNames };
}

/** The rules of validation that need no schema (GraphQL specification, section 5). */
function schemaFreeRules(): readonly ValidationRule[] {
  const library = graphqlLibrary();
  return [
    library.ExecutableDefinitionsRule,
    library.UniqueOperationNamesRule,
    library.LoneAnonymousOperationRule,
    library.UniqueFragmentNamesRule,
    library.KnownFragmentNamesRule,
    library.NoUnusedFragmentsRule,
    library.NoFragmentCyclesRule,
    library.UniqueVariableNamesRule,
    library.NoUndefinedVariablesRule,
    library.NoUnusedVariablesRule,
    library.UniqueArgumentNamesRule,
    library.UniqueInputFieldNamesRule,
  ];
}

let empty: GraphQLSchema | null = null;

/** `validate` asks for a schema even of rules that do not look at it. */
function emptySchema(): GraphQLSchema {
  empty ??= graphqlLibrary().buildSchema('type Query { _: Boolean }', { assumeValid: true });
  return empty;
}

function problemOf({ message, locations }: GraphQLError): GraphqlProblem {
  const [place] = locations ?? [];
  return { message: message.slice(0, 500), line: place?.line ?? null, column: place?.column ?? null };
}

function refuse(message: string): ParsedGraphqlDocument {
  return { ok: false, problems: [{ message, line: null, column: null }] };
}
