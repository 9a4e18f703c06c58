import { createServer, type Server } from 'node:http';
import type { AdapterContext } from '@nave/adapter-kit';
import { DEFAULT_POLICY, type Logger } from '@nave/core';
import { createGuardedHttp, createTokenCache, graphqlLibrary } from '@nave/protocols';
import { createAddressGuard } from '@nave/security';
import { createSchema, createYoga } from 'graphql-yoga';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createFakeExpressions } from '../fake-expressions.ts';
import { graphql } from './index.ts';

// The server's own copy: Vite would give this file another one, and a server masks errors it does not know as its own.
const { GraphQLError, GraphQLScalarType } = graphqlLibrary();
const typeDefs = `
  scalar Day
  type Person { name: String! born: Day! boss: Person }
  input PersonInput { name: String! born: Day! }
  type Query { person(name: String!): Person people: [Person] broken: String! }
  type Mutation { hire(person: PersonInput!): Person fire(name: String!): Boolean pay(name: String!, amount: Int!): Boolean }
`;
const day = /^\d{4}-\d{2}-\d{2}$/;
const people = new Map([['Ada', { name: 'Ada', born: '1815-12-10' }]]);
const coded = (code: string) => new GraphQLError('not for everybody', { extensions: { code } });

const yoga = createYoga({
  logging: false,
  schema: createSchema({
    typeDefs,
    resolvers: {
      Day: new GraphQLScalarType({
        name: 'Day',
        parseValue(value) {
          if (typeof value !== 'string' || !day.test(value)) throw new GraphQLError('not a day');
          return value;
        },
      }),
      Query: {
        person: (_root, { name }: { name: string }) => people.get(name) ?? null,
        people: () => [...people.values(), coded('FORBIDDEN')],
        broken: () => {
          throw new Error('a bug');
        },
      },
      Mutation: {
        hire(_root, { person }: { person: { name: string; born: string } }) {
          people.set(person.name, person);
          return person;
        },
        fire: () => {
          throw coded('UNAUTHENTICATED');
        },
        pay: () => {
          throw coded('RATE_LIMITED');
        },
      },
    },
  }),
});

const silent: Logger = { debug() {}, info() {}, warn() {}, error() {}, child: () => silent };
const http = createGuardedHttp({ guard: createAddressGuard({ allow: ['127.0.0.0/8'], forbid: [] }) });
const operations = {
  hire: { document: 'mutation Hire($person: PersonInput!) { hire(person: $person) { name born } }', result: 'data.hire', lookup: 'find' },
  hireTwo: { document: 'mutation($person: PersonInput!) { hire(person: $person) { name } fire(name: "x") }' },
  fire: { document: 'mutation($name: String!) { fire(name: $name) }' },
  pay: { document: 'mutation($name: String!, $amount: Int!) { pay(name: $name, amount: $amount) }' },
  find: { document: 'query($name: String!) { person(name: $name) { name born boss { name } } }', result: 'data.person' },
  all: { document: '{ people { name } }' },
  broken: { document: '{ broken }' },
  misspelt: { document: '{ persn { name } }' },
};

describe('a real GraphQL server (graphql-yoga)', () => {
  let server: Server;
  let endpoint = '';

  beforeAll(async () => {
    server = createServer(yoga);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    endpoint = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/graphql`;
  });
  afterAll(async () => {
    await http.close();
    await new Promise((resolve) => server.close(resolve));
  });

  async function open() {
    const clock = { now: () => 1_700_000_000_000 };
    const context: AdapterContext<unknown> = {
      ...{ spoke: 's', credentials: undefined, policy: DEFAULT_POLICY, logger: silent, clock, http },
      expressions: createFakeExpressions(),
      tokens: createTokenCache({ clock }),
    };
    return graphql.open({ endpoint, operations }, context);
  }

  async function send(operation: string, data: unknown) {
    const connection = await open();
    const request = {
      deliveryId: 'd',
      messageId: 'm',
      attempt: 1,
      operation,
      input: { data, raw: null },
      traceparent: null,
      timeoutMs: 60_000,
    };
    const outcome = await connection.send(request, new AbortController().signal);
    expect(outcome.detail).not.toContain('everybody');
    const output: unknown = outcome.response ? JSON.parse(Buffer.from(outcome.response.body).toString()) : null;
    return { ...outcome, output };
  }

  it('does a mutation with a custom scalar, and finds what was done', async () => {
    const person = { name: 'Grace', born: '1906-12-09' };
    expect(await send('hire', { person })).toMatchObject({ kind: 'ok', output: person });
    expect(await send('find', { name: 'Grace' })).toMatchObject({ kind: 'ok', output: { ...person, boss: null } });
    expect(await send('find', { name: 'Nobody' })).toMatchObject({ kind: 'ok', output: null });
  });

  it.each<[string, unknown, string]>([
    ['hire', { person: { name: 'X', born: 'yesterday' } }, 'rejected'],
    ['hire', { person: { name: 'X' } }, 'rejected'],
    ['hireTwo', { person: { name: 'Edith', born: '1906-12-09' } }, 'unknown'],
    ['fire', { name: 'Ada' }, 'rejected'],
    ['pay', { name: 'Ada', amount: 1 }, 'throttled'],
    ['pay', { name: 'Ada', amount: 'much' }, 'rejected'],
    ['all', {}, 'rejected'],
    ['broken', {}, 'fault'],
    ['misspelt', {}, 'invalid'],
  ])('is judged by what it says: %s %j is %s', async (operation, data, kind) => {
    const outcome = await send(operation, data);
    expect({ kind: outcome.kind, detail: outcome.detail }).toMatchObject({ kind });
  });

  it('says what it can do', async () => {
    const connection = await open();
    const { ok, checks } = await connection.probe(new AbortController().signal);
    expect(ok).toBe(false);
    expect(checks.filter((check) => !check.ok)).toEqual([
      { name: 'operation misspelt', ok: false, detail: expect.stringContaining('line 1, column 3: Cannot query field "persn"') },
    ]);
    expect(checks.find(({ name }) => name === 'schema')?.detail).toBe('queries person, people, broken; mutations hire, fire, pay');
  });
});
