/** The check of a `hubspot` spoke: whose account the token is of, and whether it may read the object types that are used. */
import { type ProbeResult, parseBody } from '@nave/adapter-kit';
import type { Outcome, SpokePolicy } from '@nave/core';
import { checkNameOf } from '@nave/protocols';
import type { HubspotClient } from './client.ts';
import { DEFAULT_OBJECTS, type HubspotConfig } from './config.ts';
import type { HubspotPaths } from './paths.ts';

type Check = ProbeResult['checks'][number];

const PROBE_TIMEOUT_MS = 10_000;
const HEADERS = { Accept: 'application/json', 'User-Agent': 'Nave' };

export async function probeHubspot(
  client: HubspotClient,
  config: HubspotConfig,
  paths: HubspotPaths,
  policy: SpokePolicy,
  signal: AbortSignal,
): Promise<ProbeResult> {
  const timeoutMs = Math.min(PROBE_TIMEOUT_MS, policy.timeoutMs);
  const account = await client.exchange({ method: 'GET', url: paths.account(), headers: HEADERS, timeoutMs }, signal);
  const checks = accountChecks(account, config);
  if (checks.some(({ ok }) => !ok)) return probeOf(checks);
  for (const type of config.objects ?? DEFAULT_OBJECTS) {
    const outcome = await client.exchange({ method: 'GET', url: `${paths.objects(type)}?limit=1`, headers: HEADERS, timeoutMs }, signal);
    checks.push(scopeCheck(type, outcome));
  }
  return probeOf(checks);
}

function accountChecks(outcome: Outcome, { portalId, timeZone = 'UTC' }: HubspotConfig): Check[] {
  const { status, detail } = outcome;
  if (status === null) return [{ name: checkNameOf(outcome), ok: false, detail }];
  if (status === 401) return [{ name: 'credentials', ok: false, detail: `the token is not valid: ${detail}` }];
  if (status === 403) return [{ name: 'scopes', ok: false, detail: `the token may not read the account: ${detail}` }];
  if (outcome.kind !== 'ok') return [{ name: 'answer', ok: false, detail }];
  const parsed = parseBody('application/json', outcome.response?.body ?? new Uint8Array());
  const found = parsed.ok ? Object(parsed.data) : {};
  const portal = String(Reflect.get(found, 'portalId') ?? '');
  const zone = String(Reflect.get(found, 'timeZone') ?? '');
  const left = outcome.response?.headers['x-hubspot-ratelimit-daily-remaining'];
  const calls = left !== undefined && /^[0-9]{1,12}$/.test(left) ? `, ${left} calls left today` : '';
  if (portal === '') return [{ name: 'answer', ok: false, detail: 'the answer names no account: is this the API of HubSpot?' }];
  const checks: Check[] = [{ name: 'credentials', ok: true, detail: `account ${portal}${calls}` }];
  if (portalId !== undefined && portal !== portalId)
    checks.push({ name: 'account', ok: false, detail: `the token is of account ${portal}, the spoke says ${portalId}` });
  if (zone !== '' && zone !== timeZone && /^[A-Za-z0-9_+/-]{1,60}$/.test(zone))
    checks.push({
      name: 'time zone',
      ok: true,
      detail: `the account is in ${zone}, the spoke says ${timeZone}: daily limits end at that midnight`,
    });
  return checks;
}

function scopeCheck(type: string, outcome: Outcome): Check {
  const name = `scope ${type}`;
  if (outcome.kind === 'ok') return { name, ok: true, detail: 'may be read; what may be written shows when it is' };
  if (outcome.status === 403) return { name, ok: false, detail: `the token may not read ${type}: ${outcome.detail}` };
  return { name, ok: false, detail: outcome.status === 404 ? `the account has no object type ${type}` : outcome.detail };
}

function probeOf(checks: readonly Check[]): ProbeResult {
  const failed = checks.find(({ ok }) => !ok);
  return { ok: failed === undefined, detail: (failed ?? checks[0])?.detail ?? 'nothing was checked', checks };
}
