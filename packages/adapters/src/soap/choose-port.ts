/** Which port of a WSDL a spoke speaks to, and at which address. */
import { parseHttpTarget, type Wsdl, type WsdlPort } from '@nave/protocols';
import type { SoapConfig } from './config.ts';

export type ChosenPort = { ok: true; port: WsdlPort } | { ok: false; path: string; reason: string };

/** The first port that fits what the configuration names. `path` is the field below `/config` that no port fits. */
export function choosePort({ ports }: Pick<Wsdl, 'ports'>, { service, port, version }: SoapConfig): ChosenPort {
  const steps = [
    { path: 'service', wanted: service, of: (each: WsdlPort) => each.service },
    { path: 'port', wanted: port, of: (each: WsdlPort) => each.name },
    { path: 'version', wanted: version, of: (each: WsdlPort) => each.version },
  ] as const;
  let left = ports;
  for (const { path, wanted, of } of steps) {
    const fitting = wanted === undefined ? left : left.filter((each) => of(each) === wanted);
    if (fitting.length === 0) return { ok: false, path, reason: `expected one of ${listOf(left.map(of))}` };
    left = fitting;
  }
  const [first] = left;
  return first ? { ok: true, port: first } : { ok: false, path: 'wsdl', reason: 'expected a WSDL with a port that speaks SOAP over HTTP' };
}

export type Endpoint = { ok: true; url: string } | { ok: false; reason: string };

/**
 * Where messages go. An address that a fetched WSDL names on another host than its own is not trusted with credentials: who can change the
 * WSDL could ask for them.
 */
export function endpointOf({ endpoint, wsdl }: SoapConfig, port: WsdlPort, withCredentials: boolean): Endpoint {
  if (endpoint !== undefined) return { ok: true, url: endpoint };
  const target = parseHttpTarget(port.address);
  if (!target.ok) return { ok: false, reason: 'the WSDL names no usable address: set "endpoint"' };
  if (wsdl.url !== undefined && withCredentials && URL.parse(wsdl.url)?.origin !== target.origin)
    return { ok: false, reason: `the WSDL sends messages elsewhere than it came from (${target.origin}): confirm it with "endpoint"` };
  return { ok: true, url: port.address };
}

function listOf(values: readonly string[]): string {
  return [...new Set(values)]
    .slice(0, 20)
    .map((value) => JSON.stringify(value))
    .join(', ');
}
