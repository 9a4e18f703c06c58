/** The only way out for kinds that speak HTTP: guarded addresses, bounded times and sizes, connections that are kept alive. */
import { createHash } from 'node:crypto';
import type { GuardedHttp, HttpExchangeRequest, HttpExchangeResult, TlsOptions } from '@nave/adapter-kit';
import { Pool } from 'undici';
import type { AddressGuard } from './address-guard.ts';
import { Exchange } from './exchange.ts';
import type { HttpFailure } from './failure-of-error.ts';
import { guardedConnector, type ResolveHost, resolveWithSystem } from './guarded-connect.ts';
import { headersProblem } from './header-rules.ts';
import { type HttpTarget, parseHttpTarget } from './http-target.ts';
import type { PinMismatch } from './pinned-certificate.ts';

export interface GuardedHttpOptions {
  guard: AddressGuard;
  /** Default: the operating system's resolver. */
  resolve?: ResolveHost;
  /** Connections per origin; more requests wait. Default 64. */
  connections?: number;
  /** For resolving, TCP and TLS together. Default 10,000. */
  connectTimeoutMs?: number;
  /** Longest pause within an answer. Default 30,000. */
  bodyPauseMs?: number;
  /** Told of every request that was not sent because of the certificate shown. */
  onPinMismatch?: (mismatch: PinMismatch) => void;
}

export const BODY_BYTES_MAX = 10 * 1024 * 1024;
export const HEADER_BYTES_MAX = 32 * 1024;
const POOLS_MAX = 64;
const METHOD = /^[A-Z]{1,20}$/;

interface Target {
  pool: Pool;
  target: string;
}

/**
 * An HTTP client of one spoke: one pool of connections per origin and TLS setting. No redirects, no proxies from the environment, HTTP/1.1.
 * `exchange` never throws; times are bounded by `timeoutMs` of the request in any case.
 */
export function createGuardedHttp({
  guard,
  resolve = resolveWithSystem,
  connections = 64,
  connectTimeoutMs = 10_000,
  bodyPauseMs = 30_000,
  onPinMismatch,
}: GuardedHttpOptions): GuardedHttp {
  const pools = new Map<string, Target>();
  const tlsNames = new WeakMap<TlsOptions, string>();
  const closing = new Set<Promise<void>>();
  let closed = false;
  // A spoke mostly has few addresses: the last one again need not be parsed again.
  let last: { text: string; target: HttpTarget } | null = null;

  function targetOf(text: string): HttpTarget {
    if (last?.text !== text) last = { text, target: parseHttpTarget(text) };
    return last.target;
  }

  function poolOf(origin: string, hostname: string, port: number, tls: TlsOptions | undefined): Target {
    const key = tls === undefined ? origin : `${origin} ${tlsName(tls)}`;
    const known = pools.get(key);
    if (known) return known;
    const connect = guardedConnector({ guard, resolve, port, connectTimeoutMs, tls });
    const pool = new Pool(origin, {
      connect,
      connections,
      pipelining: 1,
      headersTimeout: 0,
      bodyTimeout: bodyPauseMs,
      maxHeaderSize: HEADER_BYTES_MAX,
    });
    const target = { pool, target: `${hostname.includes(':') ? `[${hostname}]` : hostname}:${port}` };
    pools.set(key, target);
    const [oldest] = pools.keys();
    if (pools.size > POOLS_MAX && oldest !== undefined) retire(oldest);
    return target;
  }

  /** Writing certificates out for every request would cost more than the request. */
  function tlsName(tls: TlsOptions): string {
    const known = tlsNames.get(tls);
    if (known !== undefined) return known;
    const name = createHash('sha256').update(JSON.stringify(tls)).digest('base64url');
    tlsNames.set(tls, name);
    return name;
  }

  function retire(key: string): void {
    const target = pools.get(key);
    pools.delete(key);
    if (!target) return;
    const done = target.pool.close().finally(() => closing.delete(done));
    closing.add(done);
  }

  return {
    async exchange(request: HttpExchangeRequest, signal: AbortSignal): Promise<HttpExchangeResult> {
      if (closed || signal.aborted) return unsent('cancelled', 'the hub gave up the exchange');
      const { method, headers, body, timeoutMs } = request;
      const url = targetOf(request.url);
      if (!url.ok) return unsent('refused', url.reason);
      const problem = METHOD.test(method) && method !== 'CONNECT' ? headersProblem(headers) : 'the method is not an HTTP method';
      if (problem !== null) return unsent('invalid-request', problem);
      const { pool, target } = poolOf(url.origin, url.hostname, url.port, request.tls);
      const exchange = new Exchange(
        { target, timeoutMs, connectTimeoutMs, maxBodyBytes: request.maxBodyBytes ?? BODY_BYTES_MAX, onPinMismatch },
        signal,
      );
      pool.dispatch({ method, path: url.path, headers, body: body ?? null }, exchange);
      return exchange.result;
    },
    async close(): Promise<void> {
      closed = true;
      for (const key of [...pools.keys()]) retire(key);
      await Promise.all(closing);
    },
  };
}

function unsent(failure: HttpFailure['failure'], detail: string): HttpFailure {
  return { ok: false, failure, detail, sent: false, status: null };
}
