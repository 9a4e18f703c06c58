/** From Fastify's request to the form that signatures are checked on. */

import { TLSSocket } from 'node:tls';
import type { ClientCertificate, RawRequest } from '@nave/core';
import type { FastifyRequest } from 'fastify';

/** @param publicUrl `NAVE_PUBLIC_URL` without a trailing slash: `Host` is the caller's word and is not asked */
export function rawRequestOf(request: FastifyRequest, body: Uint8Array, publicUrl: string): RawRequest {
  const { raw } = request;
  const target = raw.url ?? '/';
  return {
    method: request.method,
    target,
    publicUrl: publicUrl + target,
    headers: headersOf(raw.headers),
    query: queryOf(target),
    body,
    remoteAddress: request.ip,
    clientCertificate: certificateOf(raw.socket),
  };
}

/** Lower-case names, repeated headers joined. */
export function headersOf(headers: Readonly<Record<string, string | string[] | undefined>>): Record<string, string> {
  const out: Record<string, string> = {};
  for (const name in headers) {
    const value = headers[name];
    if (value !== undefined) out[name] = typeof value === 'string' ? value : value.join(', ');
  }
  return out;
}

function queryOf(target: string): Record<string, string> {
  const at = target.indexOf('?');
  return at < 0 ? NO_QUERY : Object.fromEntries(new URLSearchParams(target.slice(at + 1)));
}
const NO_QUERY: Record<string, string> = {};

function certificateOf(socket: unknown): ClientCertificate | undefined {
  if (!(socket instanceof TLSSocket) || !socket.authorized) return undefined;
  const certificate = socket.getPeerCertificate();
  if (certificate.fingerprint256 === undefined) return undefined;
  const commonName = certificate.subject?.CN;
  return {
    subjectCommonName: Array.isArray(commonName) ? (commonName[0] ?? '') : (commonName ?? ''),
    fingerprint256: certificate.fingerprint256.replaceAll(':', '').toLowerCase(),
    subjectAltNames: (certificate.subjectaltname ?? '')
      .split(', ')
      .map((name) => name.replace(/^(DNS|IP Address|email|URI):/, ''))
      .filter((name) => name !== ''),
  };
}
