/** Log-ins with cookies: a declared request opens a session, whose cookies go with every request until the system says that it is over. */
import type { HttpExchangeRequest, TokenAnswer } from '@nave/adapter-kit';
import { type CookieJar, createCookieJar } from './cookie-jar.ts';
import type { CookieLoginCredentials } from './credentials.ts';
import { withHeader } from './header-rules.ts';
import type { AuthParts, HttpAuth } from './http-auth.ts';
import { outcomeOfExchange } from './http-outcome.ts';
import { tokenAuth } from './token-auth.ts';
import { tokenFailure, tokenRefused } from './token-endpoint.ts';

const TIMEOUT_MS = 15_000;
const ANSWER_BYTES_MAX = 1024 * 1024;
const SESSION_S = 1_200;
const DEFAULT_FIELDS = { username: '{username}', password: '{password}' };

/** The session is the token: one for all workers, opened once however many deliveries wait, and once more when it is refused. */
export function cookieAuth(credentials: CookieLoginCredentials, parts: AuthParts): HttpAuth {
  const { type, url, method, fields, username, password, cookie, expiredOn = [401] } = credentials;
  const { spoke, tokens, clock } = parts;
  // What answers set since the log-in belongs to that session in this process.
  let open: { token: string; jar: CookieJar } | null = null;
  const jarOf = (token: string): CookieJar => {
    open = open?.token === token ? open : { token, jar: createCookieJar(token) };
    return open.jar;
  };
  const auth = tokenAuth({
    tokens,
    key: `${spoke} ${JSON.stringify([type, url, method, fields, username, password, cookie])}`,
    redaction: { headers: ['cookie'], query: [], values: [password] },
    fetch: () => logIn(credentials, parts),
    apply(request, token) {
      const header = jarOf(token).headerFor(request.url, clock.now());
      return header === null ? request : { ...request, headers: withHeader(request.headers, 'Cookie', header) };
    },
  });
  return {
    ...auth,
    expiredOn,
    answered({ token, request }, answer) {
      if (token !== null && answer.setCookies !== undefined && open?.token === token)
        open.jar.store(request.url, answer.setCookies, clock.now());
    },
  };
}

async function logIn(credentials: CookieLoginCredentials, { http, clock, connection }: AuthParts): Promise<TokenAnswer> {
  const { cookie, url, sessionSeconds = SESSION_S } = credentials;
  // Other deliveries wait for the same session, so no single delivery's signal may end this request.
  const result = await http.exchange({ ...loginRequest(credentials), tls: connection }, new AbortController().signal);
  const now = clock.now();
  const redirect = result.ok && result.status >= 300 && result.status < 400;
  if (!result.ok || (!redirect && (result.status < 200 || result.status >= 300)))
    return { ok: false, outcome: tokenFailure('log-in', outcomeOfExchange(result, now)) };
  const jar = createCookieJar();
  jar.store(url, result.setCookies ?? [], now);
  const names = jar.names();
  // Systems that show the log-in page again answer 200 as well.
  if (cookie === undefined ? names.length === 0 : !names.includes(cookie))
    return tokenRefused(`log-in: answered ${result.status} without ${cookie === undefined ? 'a cookie' : `the cookie ${cookie}`}`);
  return { ok: true, token: jar.serialise(), expiresInMs: sessionSeconds * 1_000 };
}

function loginRequest(credentials: CookieLoginCredentials): HttpExchangeRequest {
  const { url, method = 'POST', format = 'json', fields = DEFAULT_FIELDS, headers = {}, username, password } = credentials;
  const filled = Object.entries(fields).map(
    ([name, text]) =>
      [name, text.replaceAll(/\{(username|password)\}/g, (_, which) => (which === 'username' ? username : password))] as const,
  );
  const limits = { timeoutMs: TIMEOUT_MS, maxBodyBytes: ANSWER_BYTES_MAX };
  const base = { Accept: 'application/json, */*;q=0.5', 'User-Agent': 'Nave' };
  if (method === 'GET') return { method, url, headers: { ...base, ...headers }, ...limits };
  const body =
    format === 'form' ? new URLSearchParams(filled.map(([...pair]) => pair)).toString() : JSON.stringify(Object.fromEntries(filled));
  const contentType = format === 'form' ? 'application/x-www-form-urlencoded' : 'application/json';
  return { method, url, headers: { ...base, 'Content-Type': contentType, ...headers }, body, ...limits };
}
