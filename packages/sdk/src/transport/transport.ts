/** Calls of the hub: one place for the address, the key, the time limit and what becomes of errors. */
import { ApiError, foreignProblem, isProblem } from './api-error.ts';
import { NotReachable, reasonOf } from './not-reachable.ts';
import { type QueryValues, queryString } from './query-string.ts';
import { readText } from './read-text.ts';

export interface TransportOptions {
  /** Base URL of the hub, http or https. */
  url: string;
  /** API key; null = none is sent. */
  key: string | null;
  /** For a whole call, the body included. */
  timeoutMs: number;
  fetch: typeof fetch;
}

export interface Call {
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Encoded already, e.g. `/api/v1/spokes/erp`. */
  path: string;
  query?: QueryValues;
  /** Sent as JSON. */
  body?: unknown;
  /** Sent as it is, as JSON; instead of `body`. */
  json?: string;
  headers?: Readonly<Record<string, string>>;
  /** Ends the call early; it then throws the signal's reason. */
  signal?: AbortSignal;
  /** Instead of the client's. */
  timeoutMs?: number;
}

export interface Transport {
  /**
   * Gives the parsed JSON body, undefined for 204.
   * @throws ApiError for any status but 2xx, or a body that is not JSON
   * @throws NotReachable without an answer in time
   */
  request<T>(call: Call): Promise<T>;
  /** Gives the body of a 200 as it comes; the time limit covers the headers only. Throws as `request`. */
  open(call: Call): Promise<ReadableStream<Uint8Array>>;
}

const ANSWER_BYTES_MAX = 64 * 1024 * 1024;
const PROBLEM_BYTES_MAX = 1024 * 1024;

/** @throws TypeError for a base URL or a key that cannot be used */
export function createTransport(options: TransportOptions): Transport {
  const base = baseUrl(options.url);
  // Called on its own: the fetch of a browser refuses to be a method of something else.
  const { fetch: ask } = options;
  // Checked here: fetch would quote the key in its complaint.
  if (options.key !== null && !/^[\x21-\x7e]{1,512}$/.test(options.key)) throw new TypeError('the key has characters that no key has');

  async function send(call: Call, signal: AbortSignal): Promise<Response> {
    const json = call.json ?? (call.body === undefined ? undefined : JSON.stringify(call.body));
    const headers: Record<string, string> = { accept: 'application/json', ...call.headers };
    if (options.key !== null) headers['authorization'] = `Bearer ${options.key}`;
    if (json !== undefined) headers['content-type'] ??= 'application/json';
    const target = `${base}${call.path}${queryString(call.query ?? {})}`;
    const init: RequestInit = { method: call.method ?? 'GET', headers, signal, redirect: 'manual' };
    const response = await ask(target, json === undefined ? init : { ...init, body: json });
    if (!response.ok) throw await refusal(response, call.path);
    return response;
  }

  /** Runs with a time limit; what goes wrong on the way becomes NotReachable. */
  async function within<T>(call: Call, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const limitMs = call.timeoutMs ?? options.timeoutMs;
    const limit = new AbortController();
    const timer = setTimeout(() => limit.abort(), limitMs);
    try {
      return await work(call.signal ? AbortSignal.any([limit.signal, call.signal]) : limit.signal);
    } catch (error) {
      if (error instanceof ApiError) throw error;
      if (call.signal?.aborted) throw call.signal.reason;
      if (limit.signal.aborted) throw new NotReachable(base, `no answer within ${limitMs / 1000} s`, error);
      throw new NotReachable(base, reasonOf(error), error);
    } finally {
      clearTimeout(timer);
    }
  }

  return {
    request: <T>(call: Call) =>
      within(call, async (signal) => {
        const response = await send(call, signal);
        const text = await readText(response.body, ANSWER_BYTES_MAX);
        if (text === null) throw new ApiError(foreignProblem(response.status, call.path, 'The answer is larger than 64 MiB'));
        return parsed<T>(text, response.status, call.path);
      }),
    open: (call) =>
      within(call, async (limit) => {
        // The limit ends with the headers; only the caller's signal ends the body.
        const body = new AbortController();
        const end = () => body.abort(limit.reason);
        limit.addEventListener('abort', end, { once: true });
        try {
          const response = await send(call, call.signal ? AbortSignal.any([body.signal, call.signal]) : body.signal);
          if (response.body === null) throw new ApiError(foreignProblem(response.status, call.path, 'The answer has no body'));
          return response.body;
        } finally {
          limit.removeEventListener('abort', end);
        }
      }),
  };
}

function baseUrl(text: string): string {
  const url = URL.parse(text);
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:'))
    throw new TypeError('the URL of the hub must start with http:// or https://');
  if (url.username !== '' || url.password !== '') throw new TypeError('the URL of the hub must not hold a user name or password');
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}`;
}

/** What comes back is what the schemas of the hub promise; it is not checked again here, so that a newer hub may say more. */
function parsed<T>(text: string, status: number, path: string): T {
  try {
    const value: T = text === '' ? undefined : JSON.parse(text);
    return value;
  } catch {
    throw new ApiError(foreignProblem(status, path, 'The answer is not JSON: is this the URL of a Nave hub?'));
  }
}

async function refusal(response: Response, path: string): Promise<ApiError> {
  const text = await readText(response.body, PROBLEM_BYTES_MAX);
  const seconds = Number(response.headers.get('retry-after') ?? Number.NaN);
  const retryAfterSeconds = Number.isFinite(seconds) && seconds >= 0 ? seconds : null;
  const problem = problemIn(text ?? '');
  if (problem !== null) return new ApiError(problem, retryAfterSeconds);
  return new ApiError(foreignProblem(response.status, path, `The answer ${response.status} is none of a Nave hub`), retryAfterSeconds);
}

function problemIn(text: string): ApiError['problem'] | null {
  try {
    const value: unknown = JSON.parse(text);
    return isProblem(value) ? value : null;
  } catch {
    return null;
  }
}
