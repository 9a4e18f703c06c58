/** The configuration of a `graphql` spoke: an endpoint and operations written as GraphQL documents. */
import { EXPECTED_MARK } from '@nave/adapter-kit';
import { GRAPHQL_SCHEMA_CHARS_MAX, HttpTls } from '@nave/protocols';
import { type Static, Type } from 'typebox';

const closed = { additionalProperties: false };
const expression = (description: string) =>
  Type.String({ minLength: 1, maxLength: 20_000, description, [EXPECTED_MARK]: 'a JSONata expression' });
const dotted = (description: string) =>
  Type.String({
    pattern: '^[_A-Za-z][_0-9A-Za-z]*(\\.[_A-Za-z][_0-9A-Za-z]*){0,19}$',
    maxLength: 500,
    description,
    [EXPECTED_MARK]: 'field names of the data joined by dots, such as orders.pageInfo',
  });
const NAME = '^[_A-Za-z][_0-9A-Za-z]{0,127}$';

const GraphqlPaginate = Type.Object(
  {
    cursor: Type.String({
      pattern: NAME,
      description: 'The variable that takes the cursor of the page before',
      [EXPECTED_MARK]: 'a variable name without $',
    }),
    pageInfo: dotted('Where { hasNextPage, endCursor } is in the data'),
    items: dotted('Where the list is in the data'),
    pages: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 100,
        default: 10,
        description: 'Most pages; a list with more makes the delivery invalid instead of shortening it',
      }),
    ),
  },
  { ...closed, description: 'Follows the cursors of a query and answers with all items in one list' },
);

export const GraphqlSpokeOperation = Type.Object(
  {
    title: Type.Optional(Type.String({ maxLength: 200 })),
    document: Type.String({
      minLength: 1,
      maxLength: 100_000,
      description: 'A query or mutation',
      [EXPECTED_MARK]: 'a GraphQL query or mutation',
    }),
    operationName: Type.Optional(Type.String({ pattern: NAME, description: 'Which operation of the document, when it has several' })),
    variables: Type.Optional(
      Type.Union(
        [
          expression('All variables as one object'),
          Type.Record(Type.String({ pattern: NAME }), expression('The value of the variable'), closed),
        ],
        {
          description: 'Over the input. Omitted: the fields of the input that the document declares as variables',
          [EXPECTED_MARK]: 'a JSONata expression that gives an object, or an object of variable names and expressions',
        },
      ),
    ),
    success: Type.Optional(
      expression('Over { status, data, errors, extensions }; a success even with errors. Omitted: an answer without errors'),
    ),
    reject: Type.Optional(
      expression(
        'Over { status, data, errors, extensions }; something in it = refused. Omitted: a userErrors list of a top-level field with something in it',
      ),
    ),
    result: Type.Optional(
      expression('Over { status, data, errors, extensions }: what later steps see. Omitted: the whole answer as it came'),
    ),
    paginate: Type.Optional(GraphqlPaginate),
    idempotent: Type.Optional(
      Type.Union([Type.Literal('always'), Type.Literal('key'), Type.Literal('never')], {
        description:
          'Whether repeating is harmless: always, with the same Idempotency-Key header (few GraphQL systems look at it), or never. Omitted: always for queries, never for mutations',
      }),
    ),
    lookup: Type.Optional(
      Type.String({ description: 'Query that finds out, from the same input, whether this mutation was done; it needs a result' }),
    ),
    undo: Type.Optional(Type.String({ description: 'Operation that takes this one back' })),
  },
  closed,
);

export const GraphqlConfig = Type.Object(
  {
    endpoint: Type.String({
      maxLength: 2_000,
      pattern: '^[Hh][Tt][Tt][Pp][Ss]?://[^\\s]+$',
      description: 'Where GraphQL is answered',
      [EXPECTED_MARK]: 'an http or https URL',
    }),
    headers: Type.Optional(
      Type.Record(Type.String({ pattern: '^.{1,128}$' }), Type.String({ maxLength: 4_096 }), {
        ...closed,
        description: 'Fixed headers of every request; no secrets, those are credentials',
      }),
    ),
    schema: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: GRAPHQL_SCHEMA_CHARS_MAX,
        description:
          "The system's schema, as SDL or as the JSON of an introspection answer: documents are checked against it, and inputs described by it",
        [EXPECTED_MARK]: 'SDL, or the JSON of an introspection answer',
      }),
    ),
    codes: Type.Optional(
      Type.Record(
        Type.String({ pattern: '^[A-Za-z][A-Za-z0-9_.-]{0,63}$' }),
        Type.Union([
          Type.Literal('rejected'),
          Type.Literal('invalid'),
          Type.Literal('throttled'),
          Type.Literal('fault'),
          Type.Literal('unknown'),
        ]),
        { ...closed, description: "What the system's own errors[].extensions.code mean, over the usual ones" },
      ),
    ),
    operations: Type.Optional(
      Type.Record(Type.String({ pattern: '^[A-Za-z][A-Za-z0-9._-]{0,62}$' }), GraphqlSpokeOperation, {
        ...closed,
        description: 'What can be done with the system, by name',
      }),
    ),
    tls: Type.Optional(HttpTls),
  },
  closed,
);

export type GraphqlPaginate = Static<typeof GraphqlPaginate>;
export type GraphqlSpokeOperation = Static<typeof GraphqlSpokeOperation>;
export type GraphqlConfig = Static<typeof GraphqlConfig>;
