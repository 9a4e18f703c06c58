/** Sends GraphQL requests. `graphql-request` writes them; they leave through the exchange it is given and no other way. */
import { type HttpExchangeRequest, stringifyExact } from '@nave/adapter-kit';
import type { GraphqlOperation } from './parse-graphql-document.ts';

/** Gives an exchange its credentials, timeouts and guard; its answer is the caller's. */
export type GraphqlExchange<Answer> = (request: Pick<HttpExchangeRequest, 'method' | 'url' | 'headers' | 'body'>) => Promise<Answer>;

export interface GraphqlClient {
  /**
   * One operation as one POST (GraphQL over HTTP, section 5.4).
   * @param variables plain data, exact numbers (`RawJson`, `bigint`) included
   * @throws Error when the variables cannot be written as JSON
   */
  request<Answer>(
    operation: Pick<GraphqlOperation, 'document'>,
    variables: Readonly<Record<string, unknown>>,
    exchange: GraphqlExchange<Answer>,
  ): Promise<Answer>;
}

/** Loads `graphql-request`. */
export async function createGraphqlClient(endpoint: string): Promise<GraphqlClient> {
  const { GraphQLClient } = await import('graphql-request');
  const jsonSerializer = {
    stringify: (value: unknown) => stringifyExact(value) ?? '{}',
    parse: (text: string): unknown => JSON.parse(text),
  };
  return {
    async request(operation, variables, exchange) {
      const answers: Awaited<ReturnType<typeof exchange>>[] = [];
      const client = new GraphQLClient(endpoint, {
        jsonSerializer,
        async fetch(_url, init) {
          const { method = 'POST', body, headers } = init ?? {};
          if (typeof body !== 'string') throw new Error('graphql-request wrote no JSON body');
          answers.push(await exchange({ method, url: endpoint, headers: Object.fromEntries(new Headers(headers)), body }));
          // What came is judged by its bytes, which the client would not keep: it is only told that all is well.
          return new Response('{"data":null}', { headers: { 'Content-Type': 'application/json' } });
        },
      });
      await client.request(operation.document, { ...variables });
      const [answer] = answers;
      if (answers.length !== 1 || answer === undefined) throw new Error('graphql-request did not send exactly one request');
      return answer;
    },
  };
}
