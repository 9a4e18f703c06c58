/** The service behind a spoke, as its WSDL describes it: read from the configuration, or fetched when it is first needed and kept. */
import type { AdapterContext } from '@nave/adapter-kit';
import type { Outcome } from '@nave/core';
import {
  createHttpAuth,
  fetchWsdl,
  type HttpAuth,
  SchemaView,
  uploadedWsdl,
  type Wsdl,
  type WsdlOperation,
  type WsdlPort,
} from '@nave/protocols';
import { choosePort, endpointOf } from './choose-port.ts';
import type { SoapConfig } from './config.ts';
import { httpCredentialsOf, type SoapCredentials } from './credentials.ts';

export interface SoapService {
  port: WsdlPort;
  view: SchemaView;
  endpoint: string;
  operation(key: string): WsdlOperation | undefined;
}

export type ServiceResult = { ok: true; service: SoapService } | { ok: false; outcome: Outcome };

export interface ServiceSource {
  /** The service; with `fresh` a WSDL by URL is fetched now. The signal ends the waiting, not the fetching others wait for too. */
  get(signal: AbortSignal, fresh?: boolean): Promise<ServiceResult>;
  close(): void;
}

const FETCH_TIMEOUT_MS = 30_000;
/** After this a fetched WSDL is fetched again, while the old one goes on being used. */
const KEEP_MS = 3_600_000;

export function createServiceSource(config: SoapConfig, context: AdapterContext<SoapCredentials>, auth: HttpAuth): ServiceSource {
  const { wsdl } = config;
  const withCredentials = context.credentials.type !== 'none';
  const made = (read: Wsdl): ServiceResult => serviceOf(read, config, withCredentials);
  const { url } = wsdl;
  if (url === undefined) {
    const read = uploadedWsdl(wsdl.text ?? '', wsdl.documents);
    const service = read.ok ? made(read.wsdl) : failed(read.reason);
    return { get: async () => service, close() {} };
  }
  const { http, clock, spoke, tokens } = context;
  const closing = new AbortController();
  const anonymous = createHttpAuth({ type: 'none' }, { spoke, http, tokens, clock });
  let kept: { service: ServiceResult; atMs: number } | null = null;
  let pending: Promise<ServiceResult> | null = null;

  async function load(url: string): Promise<ServiceResult> {
    const source = { url, http, auth, anonymous, timeoutMs: FETCH_TIMEOUT_MS, now: () => clock.now() };
    const fetched = await fetchWsdl(source, closing.signal);
    const service = fetched.ok ? made(fetched.wsdl) : fetched;
    if (service.ok) kept = { service, atMs: clock.now() };
    // What worked an hour ago is better than nothing; it is asked for again after as long.
    else if (kept) kept = { ...kept, atMs: clock.now() };
    return service;
  }

  function loading(url: string): Promise<ServiceResult> {
    pending ??= load(url).finally(() => {
      pending = null;
    });
    return pending;
  }

  return {
    get(signal, fresh = false) {
      if (signal.aborted) return Promise.resolve({ ok: false, outcome: GIVEN_UP });
      const young = kept !== null && clock.now() - kept.atMs < KEEP_MS;
      if (kept && young && !fresh) return Promise.resolve(kept.service);
      const asked = loading(url);
      return kept && !fresh ? Promise.resolve(kept.service) : orGivenUp(asked, signal);
    },
    close: () => closing.abort(),
  };
}

function serviceOf(wsdl: Wsdl, config: SoapConfig, withCredentials: boolean): ServiceResult {
  const chosen = choosePort(wsdl, config);
  if (!chosen.ok) return failed(`the WSDL does not fit the configured ${chosen.path}: ${chosen.reason}`);
  const endpoint = endpointOf(config, chosen.port, withCredentials);
  if (!endpoint.ok) return failed(endpoint.reason);
  const operations = new Map(chosen.port.operations.map((operation) => [operation.key, operation]));
  const view = new SchemaView(wsdl.schemas);
  return { ok: true, service: { port: chosen.port, view, endpoint: endpoint.url, operation: (key) => operations.get(key) } };
}

function failed(detail: string): ServiceResult {
  return { ok: false, outcome: { kind: 'invalid', status: null, detail, sent: false } };
}

const GIVEN_UP: Outcome = { kind: 'timeout', status: null, detail: 'the hub gave up while it waited for the WSDL', sent: false };

function orGivenUp(pending: Promise<ServiceResult>, signal: AbortSignal): Promise<ServiceResult> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => resolve({ ok: false, outcome: GIVEN_UP });
    signal.addEventListener('abort', onAbort, { once: true });
    pending.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}

/** HTTP authentication of a spoke. */
export function soapAuth(config: SoapConfig, { credentials, spoke, http, tokens, clock }: AdapterContext<SoapCredentials>): HttpAuth {
  return createHttpAuth(httpCredentialsOf(credentials), { spoke, http, tokens, clock, tls: config.tls });
}
