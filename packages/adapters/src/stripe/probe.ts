/** A connection check of a `stripe` spoke: who the key belongs to and what it may do. */
import { type AdapterContext, isJsonObject, type ProbeResult } from '@nave/adapter-kit';
import { checkNameOf } from '@nave/protocols';
import type { StripeClient } from './client.ts';
import { DEFAULT_API_VERSION, type StripeConfig, type StripeCredentials } from './config.ts';
import { judgeStripe, parseJson, stripeErrorOf } from './judge.ts';

type Check = ProbeResult['checks'][number];
const PROBE_TIMEOUT_MS = 10_000;

export async function probeStripe(
  client: StripeClient,
  config: StripeConfig,
  { credentials, policy }: AdapterContext<StripeCredentials>,
  signal: AbortSignal,
): Promise<ProbeResult> {
  const timeoutMs = Math.min(PROBE_TIMEOUT_MS, policy.timeoutMs);
  const asked = await client({ method: 'GET', target: '/v1/account', timeoutMs }, signal);
  const { status, response, detail } = judgeStripe(asked, { method: 'GET', idempotent: 'always' });
  if (status === null || response === undefined) return resultOf([{ name: checkNameOf(asked), ok: false, detail }]);
  const checks: Check[] = [{ name: 'reachable', ok: true, detail: `answered ${status}` }];
  const error = stripeErrorOf(response.body);
  const wanted = config.apiVersion ?? DEFAULT_API_VERSION;
  if (status === 401) checks.push({ name: 'credentials', ok: false, detail: 'the key is wrong, expired or deleted' });
  else if (status === 403)
    checks.push({
      name: 'credentials',
      ok: true,
      detail: 'a restricted key that may not read the account; give it what the operations need',
    });
  else if (status >= 400) {
    const version = error !== null && /version/i.test(error.message);
    checks.push({ name: version ? 'version' : 'answer', ok: false, detail: version ? `${wanted} is no version of the API` : detail });
  } else checks.push({ name: 'credentials', ok: true, detail: keyWords(credentials.token) });
  if (status < 300) {
    const account = parseJson(response.body);
    if (isJsonObject(account)) checks.push(...accountChecks(account, config));
    const answered = response.headers['stripe-version'];
    checks.push({
      ...{ name: 'version', ok: answered === undefined || answered === wanted },
      detail: answered === undefined || answered === wanted ? wanted : `asked for ${wanted}, answered as ${answered.slice(0, 40)}`,
    });
  }
  return resultOf(checks);
}

function keyWords(token: string): string {
  const [kind = '', mode = ''] = token.split('_', 3);
  const what = kind === 'rk' ? 'a restricted key' : kind === 'sk' ? 'a secret key' : 'a key';
  if (mode === 'live') return `${what} of live mode: real money`;
  return mode === 'test' ? `${what} of test mode: no money moves` : `${what} was accepted`;
}

function accountChecks(account: Readonly<Record<string, unknown>>, config: StripeConfig): Check[] {
  const id = typeof account['id'] === 'string' ? account['id'].slice(0, 60) : '';
  const ours = config.account === undefined || config.account === id;
  const charges = account['charges_enabled'] !== false;
  return [
    { name: 'account', ok: ours, detail: ours ? id : `asked to act for ${config.account}, the key acts for ${id}` },
    { name: 'charges', ok: charges, detail: charges ? 'enabled' : 'the account cannot take payments yet: finish its set-up in Stripe' },
  ];
}

function resultOf(checks: readonly Check[]): ProbeResult {
  const failed = checks.find(({ ok }) => !ok);
  const told = checks.find(({ name }) => name === 'credentials') ?? checks[0];
  return { ok: failed === undefined, detail: (failed ?? told)?.detail ?? 'nothing was checked', checks };
}
