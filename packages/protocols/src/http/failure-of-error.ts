/** Names what went wrong on the wire. Texts of the HTTP client are not passed on: they may quote what was sent or received. */
import type { HttpExchangeResult } from '@nave/adapter-kit';
import { AddressRefused } from './guarded-connect.ts';

export type HttpFailure = Extract<HttpExchangeResult, { ok: false }>;

/** How far an exchange had come when it failed. */
export interface ExchangeProgress {
  /** `host:port`, for the text. */
  target: string;
  /** The request was given to a connected socket. */
  started: boolean;
  status: number | null;
  connectTimeoutMs: number;
}

const TLS_CODE = /^(?:ERR_TLS_|ERR_SSL_|ERR_OSSL_|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|HOSTNAME_MISMATCH|EPROTO$)/;

/** The failure behind an error of undici or of a socket. */
export function failureOfError(error: unknown, progress: ExchangeProgress): HttpFailure {
  const { target, started, status } = progress;
  const code = codeOf(error);
  const fail = (failure: HttpFailure['failure'], detail: string, sent = started): HttpFailure => ({
    ok: false,
    failure,
    detail,
    sent,
    status,
  });
  if (error instanceof AddressRefused) return fail('refused', error.message, false);
  if (code === 'UND_ERR_HEADERS_OVERFLOW') return fail('oversized', 'the headers of the answer are too large');
  if (code === 'UND_ERR_HEADERS_TIMEOUT') return fail('timeout', `${target} did not answer in time`);
  if (code === 'UND_ERR_BODY_TIMEOUT') return fail('timeout', `${target} stopped in the middle of its answer`);
  if (code === 'UND_ERR_INVALID_ARG' || code === 'UND_ERR_NOT_SUPPORTED')
    return fail('invalid-request', 'the request cannot be sent as it is', false);
  if (code.startsWith('HPE_')) return fail('malformed', `${target} answered with something that is not HTTP`);
  if (!started) return fail('unreachable', connectDetail(code, progress), false);
  if (status !== null) return fail('unreachable', `${target} closed the connection in the middle of its answer`);
  return fail('unreachable', `${target} closed the connection without an answer${code === '' ? '' : ` (${code})`}`);
}

function connectDetail(code: string, { target, connectTimeoutMs }: ExchangeProgress): string {
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN' || code === 'ENODATA') return `DNS: the host of ${target} cannot be resolved (${code})`;
  if (code === 'UND_ERR_CONNECT_TIMEOUT' || code === 'ETIMEDOUT') return `no connection to ${target} within ${connectTimeoutMs} ms`;
  if (code === 'ECONNREFUSED') return `${target} refused the connection`;
  if (TLS_CODE.test(code)) return `TLS handshake with ${target} failed (${code})`;
  return `no connection to ${target}${code === '' ? '' : ` (${code})`}`;
}

function codeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return '';
  const code: unknown = Reflect.get(error, 'code');
  if (typeof code === 'string' && /^[A-Z0-9_]{1,60}$/.test(code)) return code;
  if (error instanceof AggregateError) return codeOf(error.errors[0]);
  return Reflect.get(error, 'name') === 'HTTPParserError' ? 'HPE_UNKNOWN' : '';
}
