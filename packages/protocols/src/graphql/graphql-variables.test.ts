import fc from 'fast-check';
import type { GraphQLInputType } from 'graphql';
import { Check } from 'typebox/schema';
import { describe, expect, it } from 'vitest';
import { graphqlLibrary } from './graphql-library.ts';
import { parseGraphqlDocument } from './parse-graphql-document.ts';
import { readGraphqlSchema } from './read-graphql-schema.ts';
import { variablesJsonSchema } from './variable-schema.ts';

const SDL = `
  scalar Money
  enum Colour { RED GREEN }
  "A tree."
  input Tree { name: String! colour: Colour = RED children: [Tree!] weight: Float }
  input Line { quantity: Int! price: Money }
  type Query { f(a: Int): Int }
`;
const read = readGraphqlSchema(SDL);
const schema = read.ok ? read.schema : null;

function schemaOf(variables: string, known = schema) {
  const names = [...variables.matchAll(/\$(\w+)/g)].map(([, name]) => `${name}: $${name}`);
  const parsed = parseGraphqlDocument(`query Q(${variables}) { f(${names.join(', ')}) }`);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return variablesJsonSchema(parsed.operation.variables, known);
}

describe('the schema of variables', () => {
  it.each<[string, object]>([
    ['$a: Int', { type: ['integer', 'null'], minimum: -2_147_483_648, maximum: 2_147_483_647 }],
    ['$a: ID!', { type: ['string', 'integer'] }],
    ['$a: String! = "x"', { type: 'string', default: 'x' }],
    ['$a: [Boolean!]!', { type: 'array', items: { type: 'boolean' } }],
    ['$a: [Float]', { type: ['array', 'null'], items: { type: ['number', 'null'] } }],
    ['$a: Colour', { enum: ['RED', 'GREEN', null] }],
    ['$a: [Colour!]!', { type: 'array', items: { enum: ['RED', 'GREEN'] } }],
    ['$a: Money!', { description: 'Money' }],
    ['$a: Nobody!', { description: 'Nobody' }],
    ['$a: Query', { description: 'Query' }],
    ['$a: Line', { anyOf: [{ $ref: '#/$defs/Line' }, { type: 'null' }] }],
  ])('of %s', (variables, expected) => {
    expect(schemaOf(variables)).toMatchObject({ properties: { a: expected } });
  });

  it('asks for what has no default and may not be null', () => {
    expect(schemaOf('$a: Int!, $b: Int! = 1, $c: Int')).toMatchObject({ required: ['a'], additionalProperties: false });
    expect(schemaOf('$a: Int')).not.toHaveProperty('required');
  });

  it('lets types contain themselves', () => {
    const tree = schemaOf('$a: Tree!');
    expect(tree).toMatchObject({
      $defs: { Tree: { description: 'A tree.', properties: { children: { items: { $ref: '#/$defs/Tree' } } }, required: ['name'] } },
    });
    expect(Check(tree, { a: { name: 'x', children: [{ name: 'y', children: [] }] } })).toBe(true);
    expect(Check(tree, { a: { name: 'x', children: [{ children: [] }] } })).toBe(false);
  });

  it('takes exactly one field of a @oneOf input', () => {
    const oneOf = readGraphqlSchema('input By @oneOf { id: ID name: String } type Query { f(by: By): Int }');
    const by = schemaOf('$a: By!', oneOf.ok ? oneOf.schema : null);
    expect(Check(by, { a: { id: '1' } })).toBe(true);
    expect(Check(by, { a: { id: '1', name: 'x' } })).toBe(false);
  });

  it('is bounded, however many types there are', () => {
    const chain = Array.from({ length: 1_000 }, (_, index) => `input I${index} { next: I${(index + 1) % 1_000} }`).join('\n');
    const many = readGraphqlSchema(`${chain} type Query { f: Int }`);
    const bounded = schemaOf('$a: I0', many.ok ? many.schema : null);
    expect(Object.keys(Object(bounded['$defs']))).toHaveLength(300);
    expect(JSON.stringify(bounded)).toContain('left out');
  });

  it('knows only built-in scalars without a schema', () => {
    expect(schemaOf('$a: Int!, $b: Tree!', null)).toMatchObject({ properties: { a: { type: 'integer' }, b: { description: 'Tree' } } });
  });

  // What GraphQL itself takes for a value of the type is the truth; only single items for lists are left out on purpose.
  const types = ['Int', 'Float', 'String', 'Boolean', 'ID', 'Colour', 'Tree', 'Line'];
  const typeText = fc.letrec<{ type: string }>((tie) => ({
    type: fc.oneof(
      { maxDepth: 3 },
      fc.constantFrom(...types),
      tie('type').map((inner) => `[${inner}]`),
      fc.constantFrom(...types).map((name) => `${name}!`),
      tie('type').map((inner) => (inner.endsWith('!') ? inner : `${inner}!`)),
    ),
  })).type;
  const value = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      fc.constantFrom<unknown>(null, true, 0, 1.5, -3, 2 ** 40, 'RED', 'x', '12'),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.record(
        {
          name: tie('value'),
          colour: tie('value'),
          children: tie('value'),
          weight: tie('value'),
          quantity: tie('value'),
          price: tie('value'),
        },
        { requiredKeys: [] },
      ),
    ),
  })).value;

  it('takes what GraphQL takes', () => {
    const library = graphqlLibrary();
    if (!schema) throw new Error('no schema');
    let accepted = 0;
    fc.assert(
      fc.property(
        typeText,
        fc.oneof(value, fc.constant({ name: 'a', children: [{ name: 'b', colour: 'RED' }] }), fc.constant({ quantity: 1 })),
        (text, given) => {
          const type = library.typeFromAST(schema, library.parseType(text));
          if (!type || !library.isInputType(type) || !listsAreLists(given, type)) return;
          const problems: unknown[] = [];
          library.coerceInputValue(given, type, (...problem) => problems.push(problem));
          if (problems.length === 0) accepted++;
          expect(Check(schemaOf(`$a: ${text}`), { a: given })).toBe(problems.length === 0);
        },
      ),
      { numRuns: 1_000, seed: 11 },
    );
    expect(accepted).toBeGreaterThan(50);
  });

  function listsAreLists(given: unknown, type: GraphQLInputType): boolean {
    const library = graphqlLibrary();
    const nullable = library.getNullableType(type);
    if (given === null) return true;
    if (library.isListType(nullable)) return Array.isArray(given) && given.every((item) => listsAreLists(item, nullable.ofType));
    if (!library.isInputObjectType(nullable) || typeof given !== 'object') return true;
    const fields = nullable.getFields();
    return Object.entries(given).every(([name, item]) => fields[name] === undefined || listsAreLists(item, fields[name].type));
  }
});

describe('a document', () => {
  it('gives what may be quoted of it', () => {
    const parsed = parseGraphqlDocument(
      'query Q { a: b { c } ... on Query { d } ...F } fragment F on Query { e { ...G } } fragment G on X { f }',
    );
    expect(parsed).toMatchObject({ ok: true, operation: { type: 'query', name: 'Q' } });
    if (!parsed.ok) return;
    expect([...parsed.operation.rootFields].sort()).toEqual(['a', 'd', 'e']);
    expect([...parsed.operation.answerNames].sort()).toEqual(['a', 'c', 'd', 'e', 'f']);
  });

  it('is read or refused, whatever it is', () => {
    const tokens = fc.array(
      fc.constantFrom(
        'query',
        'mutation',
        'fragment',
        'on',
        '{',
        '}',
        '(',
        ')',
        '[',
        ']',
        '$a',
        ':',
        '!',
        '"',
        '"""',
        '#',
        '\n',
        'Int',
        'a',
        '...',
        '@',
        '1',
        '\\',
      ),
      { maxLength: 60 },
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          tokens.map((all) => all.join(' ')),
        ),
        (text) => {
          const parsed = parseGraphqlDocument(text);
          if (!parsed.ok) expect(parsed.problems.length).toBeGreaterThan(0);
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it('is refused when it hides its depth', () => {
    expect(parseGraphqlDocument(`# "\n${'{a'.repeat(4_000)}`)).toMatchObject({ ok: false });
  });
});

describe('a schema as text', () => {
  it('is read from SDL and from the answer of an introspection alike', () => {
    const library = graphqlLibrary();
    if (!schema) throw new Error('no schema');
    const introspected = readGraphqlSchema(JSON.stringify({ data: library.introspectionFromSchema(schema) }));
    expect(introspected.ok && schemaOf('$a: Tree!, $b: Line', introspected.schema)).toEqual(schemaOf('$a: Tree!, $b: Line'));
  });

  it('is read once for the same text', () => {
    const [first, second] = [readGraphqlSchema(SDL), readGraphqlSchema(SDL)];
    expect(first).toBe(second);
  });

  it('is a reason when it cannot be read', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.json(),
          fc.json().map((text) => `{"data":{"__schema":${text}}}`),
        ),
        (text) => {
          const result = readGraphqlSchema(text);
          if (!result.ok) expect(result.reason.length).toBeGreaterThan(0);
        },
      ),
      { numRuns: 500 },
    );
  });
});
