/** The check of a `soap` spoke: its WSDL is fetched and compared with what is configured; an uploaded one is compared, and the endpoint asked. */
import type { AdapterContext, ProbeResult } from '@nave/adapter-kit';
import type { Outcome } from '@nave/core';
import { checkNameOf, exchangeAuthorized, type HttpAuth, probeOfExchange, probeOfTokenFailure } from '@nave/protocols';
import type { ServiceSource, SoapService } from './client.ts';
import type { SoapConfig } from './config.ts';
import { httpCredentialsOf, type SoapCredentials } from './credentials.ts';

type Check = ProbeResult['checks'][number];

const PROBE_TIMEOUT_MS = 10_000;
const NAMES_MAX = 200;

export async function probeSoap(
  config: SoapConfig,
  source: ServiceSource,
  auth: HttpAuth,
  { http, policy, credentials }: AdapterContext<SoapCredentials>,
  signal: AbortSignal,
): Promise<ProbeResult> {
  const timeoutMs = Math.min(PROBE_TIMEOUT_MS, policy.timeoutMs);
  const found = await source.get(AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]), true);
  if (!found.ok) {
    return probeOf([{ name: nameOf(found.outcome), ok: false, detail: found.outcome.detail }]);
  }
  const { service } = found;
  const described = describeService(config, service);
  if (config.wsdl.url !== undefined) return probeOf([...described, ...inMessages(credentials)]);
  // Nobody can call an operation without doing it; any answer to a GET shows that somebody is there.
  const request = { method: 'GET', url: service.endpoint, headers: { Accept: 'text/xml, */*;q=0.5', 'User-Agent': 'Nave' }, timeoutMs };
  const exchanged = await exchangeAuthorized(http, auth, request, signal);
  if (!exchanged.ok) return probeOfTokenFailure(exchanged.outcome);
  const reached = probeOfExchange(exchanged.result, httpCredentialsOf(credentials).type !== 'none');
  return reached.ok ? probeOf([...reached.checks, ...inMessages(credentials), ...described]) : reached;
}

/** Why there is no WSDL: what stands between, or the WSDL itself. */
function nameOf({ kind, detail }: Outcome): string {
  const cause = detail.replace(/^the WSDL cannot be had: /, '');
  if (/^answered 40[13]\b/.test(cause)) return 'credentials';
  return kind === 'invalid' || cause.startsWith('answered') ? 'wsdl' : checkNameOf({ kind, detail: cause });
}

/** Credentials in messages show only when there is one. */
function inMessages({ type }: SoapCredentials): Check[] {
  if (type !== 'ws-security' && type !== 'soap-header') return [];
  return [{ name: 'credentials', ok: true, detail: 'not tried: what stands in SOAP headers is looked at when an operation is called' }];
}

/** What the WSDL offers, and declared operations it does not have. */
function describeService({ operations = {} }: SoapConfig, { port }: SoapService): Check[] {
  const offered = port.operations.map(({ key }) => key);
  const missing = Object.entries(operations)
    .map(([name, { operation }]) => operation ?? name)
    .filter((name) => !offered.includes(name));
  const list = offered.slice(0, NAMES_MAX).join(', ') || 'none';
  const more = offered.length > NAMES_MAX ? ` and ${offered.length - NAMES_MAX} more` : '';
  const checks: Check[] = [
    { name: 'wsdl', ok: true, detail: `service ${port.service}, port ${port.name}, SOAP ${port.version}; operations: ${list}${more}` },
  ];
  if (missing.length > 0)
    checks.push({ name: 'operations', ok: false, detail: `the WSDL does not have ${missing.slice(0, 20).join(', ')}` });
  return checks;
}

function probeOf(checks: readonly Check[]): ProbeResult {
  const failed = checks.find((check) => !check.ok);
  return { ok: failed === undefined, detail: (failed ?? checks[0])?.detail ?? 'nothing was checked', checks };
}
