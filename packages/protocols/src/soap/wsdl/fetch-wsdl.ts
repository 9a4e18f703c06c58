/** Fetches a WSDL and what it imports through the guarded client; credentials go to the WSDL's own origin only. */
import type { GuardedHttp } from '@nave/adapter-kit';
import type { Outcome } from '@nave/core';
import { exchangeAuthorized } from '../../http/authorized-exchange.ts';
import type { HttpAuth } from '../../http/http-auth.ts';
import { outcomeOfExchange } from '../../http/http-outcome.ts';
import { decodeXmlBytes } from '../xml/decode-xml-bytes.ts';
import { type FetchedDocument, loadFetched } from './load-documents.ts';
import { readWsdl } from './read-wsdl.ts';
import type { Wsdl } from './wsdl-model.ts';

export type FetchedWsdl = { ok: true; wsdl: Wsdl } | { ok: false; outcome: Outcome };

export interface WsdlSource {
  url: string;
  http: GuardedHttp;
  /** For the WSDL's origin. */
  auth: HttpAuth;
  /** For everything else: no credentials. */
  anonymous: HttpAuth;
  /** For all documents together. */
  timeoutMs: number;
  now: () => number;
}

/** Bytes of one document. */
const DOCUMENT_BYTES_MAX = 10 * 1024 * 1024;

/**
 * Never throws for what the other side does. The outcome of a failure is what an attempt that needs the WSDL ends with: nothing was sent,
 * so nothing is in doubt; an unreadable WSDL is `invalid`, a refused import `rejected`.
 */
export async function fetchWsdl({ url, http, auth, anonymous, timeoutMs, now }: WsdlSource, signal: AbortSignal): Promise<FetchedWsdl> {
  const until = now() + timeoutMs;
  const origin = URL.parse(url)?.origin ?? '';
  const failed: { outcome: Outcome | null } = { outcome: null };
  const fetchDocument = async (location: string): Promise<FetchedDocument> => {
    const own = URL.parse(location)?.origin === origin;
    const request = {
      method: 'GET',
      url: location.replace(/#.*$/, ''),
      headers: { Accept: 'text/xml, application/xml, application/wsdl+xml, */*;q=0.5', 'User-Agent': 'Nave' },
      timeoutMs: Math.max(1, until - now()),
      maxBodyBytes: DOCUMENT_BYTES_MAX,
    };
    const exchanged = await exchangeAuthorized(http, own ? auth : anonymous, request, signal);
    const outcome = exchanged.ok ? outcomeOfExchange(exchanged.result, now()) : exchanged.outcome;
    if (!exchanged.ok || !exchanged.result.ok || outcome.kind !== 'ok') {
      // The status is that of the WSDL: a lookup that needs it must not take its 404 for an answer.
      failed.outcome = { ...outcome, status: null, sent: false, response: undefined };
      return { ok: false, reason: outcome.detail };
    }
    const { headers, body } = exchanged.result;
    return decodeXmlBytes(body, headers['content-type']);
  };
  const loaded = await loadFetched(url, fetchDocument);
  const read = loaded.ok ? readWsdl(loaded.documents) : loaded;
  if (read.ok) return read;
  const outcome: Outcome = failed.outcome ?? { kind: 'invalid', status: null, detail: read.reason, sent: false };
  return { ok: false, outcome: { ...outcome, detail: `the WSDL cannot be had: ${outcome.detail}` } };
}
