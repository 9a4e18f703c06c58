import { describe, expect, it } from 'vitest';
import { createFakeExpressions } from '../fake-expressions.ts';
import { graphql } from './index.ts';
import { SHOP_SDL } from './simulator/shop-sdl.ts';

const expressions = createFakeExpressions();
const CREATE = 'mutation Create($input: OrderInput!) { orderCreate(input: $input) { order { id } } }';
const FIND = 'query Find($reference: String!) { order(reference: $reference) { id } }';

function problems(config: object, operations: object = {}): readonly string[] {
  const found = graphql.check({ endpoint: 'https://shop.example/graphql', ...config, operations }, undefined, { expressions });
  return found.map(({ path, message }) => `${path}: ${message}`);
}

describe('a graphql spoke', () => {
  it('derives the inputs of its operations from their documents', () => {
    const operations = { create: { document: CREATE, lookup: 'find' }, find: { document: FIND, title: 'Find', result: 'data.order' } };
    const declared = graphql.operationsOf({ endpoint: 'https://x.example', schema: SHOP_SDL, operations });
    expect(declared).toMatchObject([
      {
        ...{ name: 'create', title: 'create', summary: 'mutation orderCreate', idempotent: 'never', lookup: 'find' },
        input: {
          properties: { input: { $ref: '#/$defs/OrderInput' } },
          required: ['input'],
          $defs: { OrderInput: { required: ['reference', 'lines'] }, OrderLineInput: { required: ['sku', 'quantity', 'price'] } },
        },
      },
      {
        name: 'find',
        title: 'Find',
        idempotent: 'always',
        input: { properties: { reference: { type: 'string' } }, required: ['reference'] },
      },
    ]);
  });

  it('leaves the input open where a mapping makes the variables, and says what it can without a schema', () => {
    const operations = { mapped: { document: FIND, variables: { reference: 'id' } }, create: { document: CREATE, idempotent: 'key' } };
    expect(graphql.operationsOf({ endpoint: 'https://x.example', operations })).toMatchObject([
      { input: {} },
      { input: { properties: { input: { description: 'OrderInput' } } }, idempotent: 'key' },
    ]);
  });

  it('is right as the page shows it', () => {
    expect(
      problems({ schema: SHOP_SDL, codes: { LOCKED: 'throttled' }, headers: { 'X-A': '1' } }, { create: { document: CREATE } }),
    ).toEqual([]);
  });

  it.each([
    [{ endpoint: 'https://user@shop.example/' }, /^\/config\/endpoint: .*user name/],
    [{ endpoint: 'https://shop.example/#a' }, /^\/config\/endpoint: .*fragment/],
    [{ endpoint: 'ftp://shop.example/' }, /^\/config\/endpoint: /],
    [{ headers: { Host: 'x' } }, /^\/config\/headers\/Host: /],
    [{ headers: { accept: 'x' } }, /^\/config\/headers\/accept: .*hub itself/],
    [{ headers: { 'X-A': 'a\r\nb' } }, /^\/config\/headers\/X-A: .*line breaks/],
    [{ schema: 'type Query { a: Nope }' }, /^\/config\/schema: .*Nope/],
    [{ schema: 'type Query {' }, /^\/config\/schema: line 1, column 13: Syntax Error/],
    [{ schema: 'type Other { a: Int }' }, /^\/config\/schema: Query root type/],
    [{ schema: '{"a": 1}' }, /^\/config\/schema: .*introspection/],
    [{ schema: '{"a": ' }, /^\/config\/schema: .*not valid JSON/],
    [{ codes: { A: 'ok' } }, /^\/config\/codes\/A: /],
  ])('says what is wrong with %j', (config, expected) => {
    const found = problems(config);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(expected);
  });

  it.each<[string, object, RegExp]>([
    ['no document', { document: '' }, /document: expected a GraphQL/],
    ['a syntax error, with its place', { document: 'query {\n  order(' }, /document: line 2, column 9: Syntax Error/],
    ['a subscription', { document: 'subscription { a }' }, /document: a subscription/],
    ['no operation', { document: 'fragment F on Order { id }' }, /document: the document has no operation/],
    ['several operations', { document: `${CREATE} ${FIND}` }, /document: .*operationName to be one of Create, Find/],
    ['the wrong name', { document: CREATE, operationName: 'Nope' }, /document: the document has no operation Nope, only Create/],
    [
      'a variable that is not declared',
      { document: '{ order(reference: $r) { id } }' },
      /line 1, column 20: Variable "\$r" is not defined/,
    ],
    ['a variable that is not used', { document: 'query($a: Int) { shop { name } }' }, /Variable "\$a" is never used/],
    ['a fragment that is not there', { document: '{ shop { ...F } }' }, /Unknown fragment "F"/],
    ['a fragment in itself', { document: '{ shop { ...F } } fragment F on Shop { ...F }' }, /within itself/],
    ['a field that is not there', { document: '{ shop { nmae } }' }, /line 1, column 10: Cannot query field "nmae"/],
    [
      'a type that does not fit',
      { document: 'query($r: Int!) { order(reference: $r) { id } }' },
      /used in position expecting type "String!"/,
    ],
    ['too deep', { document: `{${'a{'.repeat(150)}b${'}'.repeat(150)}}` }, /nested deeper/],
    ['too long', { document: `{${'a '.repeat(20_000)}}` }, /document: .*token/],
    ['expressions', { document: FIND, variables: '!' }, /variables: does not compile/],
    ['a rule', { document: FIND, reject: '!' }, /reject: does not compile/],
    [
      'a variable given and not declared',
      { document: FIND, variables: { reference: 'a', b: 'b' } },
      /variables\/b: the document declares \$reference/,
    ],
    ['a variable declared and not given', { document: FIND, variables: {} }, /variables: the document needs \$reference/],
    ['a lookup that is not there', { document: CREATE, lookup: 'x' }, /lookup: expected the name/],
    ['a lookup that changes', { document: CREATE, lookup: 'op' }, /lookup: .*only reads/],
    ['a lookup without a result', { document: CREATE, lookup: 'find' }, /lookup: .*"result"/],
    ['an undo that is not there', { document: CREATE, undo: 'x' }, /undo: expected the name/],
    ['pages of a mutation', { document: CREATE, paginate: { cursor: 'input', pageInfo: 'a', items: 'b' } }, /paginate: expected a query/],
    [
      'pages without their variable',
      { document: FIND, paginate: { cursor: 'after', pageInfo: 'a', items: 'b' } },
      /cursor: .*declares \$reference/,
    ],
    [
      'pages with an odd path',
      { document: FIND, paginate: { cursor: 'reference', pageInfo: 'a[0]', items: 'b' } },
      /pageInfo: expected field names/,
    ],
  ])('says what is wrong with an operation: %s', (_name, op, expected) => {
    const found = problems({ schema: SHOP_SDL }, { op, find: { document: FIND } });
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(expected);
  });
});
