/** Talks to mServer: `POST {base}/xml` and `GET {base}/status`, with the STW headers (stormware.cz/pohoda/xml/mserver). */
import type { AdapterContext, HttpExchangeRequest, HttpExchangeResult, SendRequest } from '@nave/adapter-kit';
import { type Redaction, tlsOptionsOf, withDeliveryHeaders } from '@nave/protocols';
import type { PohodaConfig, PohodaCredentials } from './config.ts';
import { type Cp1250, createCp1250 } from './xml/cp1250.ts';

export interface PackOptions {
  /** The delivery it is for; null for checks and polls. */
  send: SendRequest | null;
  timeoutMs: number;
  /** Ask Pohoda to refuse what it already took. */
  once: boolean;
}

export interface MServer {
  readonly codec: Cp1250;
  readonly redaction: Redaction;
  post(body: Uint8Array, options: PackOptions, signal: AbortSignal): Promise<{ request: HttpExchangeRequest; result: HttpExchangeResult }>;
  /** Null when the credentials cannot be written in Windows-1250. */
  status(timeoutMs: number, signal: AbortSignal): Promise<HttpExchangeResult>;
  /** Why nothing can be sent, or null. */
  readonly problem: string | null;
}

/** Opens nothing yet; loads the encoding. */
export async function createMServer(config: PohodaConfig, context: AdapterContext<PohodaCredentials>): Promise<MServer> {
  const { http, credentials, spoke } = context;
  const codec = await createCp1250();
  const base = config.baseUrl.replace(/\/+$/, '');
  // Not Authorization, and in the encoding of Pohoda, so that passwords with accents work.
  const encoded = codec.encode(`${credentials.username}:${credentials.password}`.normalize('NFC'));
  const authorization = `Basic ${(encoded ?? Buffer.alloc(0)).toString('base64')}`;
  const options = tlsOptionsOf(config.tls);
  const tls = options === undefined ? {} : { tls: options };
  const own = {
    'User-Agent': 'Nave',
    'STW-Authorization': authorization,
    'STW-Application': config.application ?? 'Nave',
    'STW-Instance': config.instance ?? spoke,
    'Accept-Encoding': 'gzip, deflate',
  };
  return {
    codec,
    redaction: { headers: ['stw-authorization'], query: [], values: [credentials.password] },
    problem: encoded === null ? 'the user name or the password has a character that Windows-1250 does not have' : null,
    async post(body, { send, timeoutMs, once }, signal) {
      const headers: Record<string, string> = { ...own, 'Content-Type': 'text/xml', Accept: 'text/xml' };
      if (once && (config.checkDuplicity ?? true)) headers['STW-Check-Duplicity'] = 'true';
      const request = {
        method: 'POST',
        url: `${base}/xml`,
        headers: send === null ? headers : withDeliveryHeaders(headers, send),
        body,
        timeoutMs,
        ...tls,
      };
      return { request, result: await http.exchange(request, signal) };
    },
    status: (timeoutMs, signal) =>
      http.exchange(
        { method: 'GET', url: `${base}/status?companyDetail`, headers: { ...own, Accept: 'text/xml' }, timeoutMs, ...tls },
        signal,
      ),
  };
}
