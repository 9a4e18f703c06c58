/** Names what went wrong on the wire. Texts of the HTTP client are not passed on: they may quote what was sent or received. */
import type { HttpExchangeResult } from '@nave/adapter-kit';
import { AddressRefused, TlsSettingsError } from './guarded-connect.ts';
import { PinMismatchError } from './pinned-certificate.ts';

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

/**
 * Alerts by which a server refuses our client certificate. With TLS 1.3 they arrive after the handshake, when the request is on its way already; the server
 * has looked at none of it.
 */
const CERTIFICATE_ALERT =
  /^ERR_SSL_(?:TLSV13_ALERT_CERTIFICATE_REQUIRED|(?:SSLV3|TLSV1)_ALERT_(?:BAD_CERTIFICATE|UNSUPPORTED_CERTIFICATE|CERTIFICATE_(?:REVOKED|EXPIRED|UNKNOWN)|UNKNOWN_CA|ACCESS_DENIED))$/;

const TLS_PROBLEMS: ReadonlyMap<string, string> = new Map([
  ['CERT_HAS_EXPIRED', 'the certificate of the system has expired'],
  ['CERT_NOT_YET_VALID', 'the certificate of the system is not valid yet'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'the certificate of the system is for another host name'],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', 'the certificate of the system is signed by nobody but itself: give it as tls.ca'],
  ['SELF_SIGNED_CERT_IN_CHAIN', 'the certificate of the system is signed by an unknown authority: give the authority as tls.ca'],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'the certificate of the system is signed by an unknown authority, or it leaves out its chain'],
  ['ERR_SSL_WRONG_VERSION_NUMBER', 'what answers there does not speak TLS: is it an http address?'],
  ['ERR_SSL_PACKET_LENGTH_TOO_LONG', 'what answers there does not speak TLS: is it an http address?'],
  ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'the certificate of the system is signed by an unknown authority: give the authority as tls.ca'],
]);

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
  // Not a refusal: the certificate was changed or somebody is in between, and both are put right without losing what waits.
  if (error instanceof PinMismatchError) return fail('unreachable', error.message, false);
  if (error instanceof TlsSettingsError) return fail('unreachable', `TLS: ${error.message}`, false);
  if (status === null && CERTIFICATE_ALERT.test(code))
    return fail('unreachable', `TLS: ${target} refused the client certificate (${code})`, false);
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
  const problem = TLS_PROBLEMS.get(code);
  if (problem !== undefined) return `TLS: ${problem} (${code}, ${target})`;
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
