/** One exchange with a GraphQL system's credentials, where an expired token may be told inside a 200. */
import type { GuardedHttp, HttpExchangeRequest, HttpExchangeResult } from '@nave/adapter-kit';
import { type AuthorizedExchange, exchangeAuthorized, type HttpAuth, isPartial, readGraphqlAnswer } from '@nave/protocols';

const CODE = 'UNAUTHENTICATED';

/** Authorises and sends; an answer that says UNAUTHENTICATED renews the token once, as a 401 does. The answer is given as it came. */
export async function exchangeGraphql(
  http: GuardedHttp,
  auth: HttpAuth,
  request: HttpExchangeRequest,
  signal: AbortSignal,
): Promise<AuthorizedExchange> {
  const came: HttpExchangeResult[] = [];
  const seeing: GuardedHttp = {
    async exchange(each, given) {
      const result = await http.exchange(each, given);
      came.push(result);
      return result.ok && isUnauthenticated(result) ? { ...result, status: 401 } : result;
    },
    close: () => http.close(),
  };
  const exchanged = await exchangeAuthorized(seeing, auth, request, signal);
  const result = came.at(-1);
  return exchanged.ok && result ? { ...exchanged, result } : exchanged;
}

function isUnauthenticated({ status, headers, body }: Extract<HttpExchangeResult, { ok: true }>): boolean {
  if (status === 401 || !Buffer.from(body.buffer, body.byteOffset, body.byteLength).includes(CODE)) return false;
  const read = readGraphqlAnswer(status, headers, body);
  return read.kind === 'graphql' && !isPartial(read.answer) && read.answer.errors.some(({ code }) => code === CODE);
}
