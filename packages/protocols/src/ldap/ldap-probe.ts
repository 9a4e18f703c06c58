/** A real round trip to a directory for the API's `check`: reachable, encrypted, credentials taken, base there. */
import type { ProbeResult } from '@nave/adapter-kit';
import { directoryOf } from './directory.ts';
import type { LdapFailure } from './ldap-failure.ts';
import type { LdapPool } from './ldap-pool.ts';
import type { LdapTarget } from './ldap-settings.ts';

export type ProbeCheck = ProbeResult['checks'][number];

const PROBE_TIMEOUT_MS = 10_000;

/** @param names base names that have to exist, each under the name of its check */
export async function probeDirectory(
  { target, pool, signal }: { target: LdapTarget; pool: LdapPool; signal: AbortSignal },
  names: readonly { check: string; dn: string }[],
): Promise<ProbeResult> {
  const result = await pool.use({ timeoutMs: PROBE_TIMEOUT_MS, signal }, async (leased) => {
    const directory = directoryOf(leased);
    const root = await directory.root(['supportedLDAPVersion', 'defaultNamingContext']);
    if (!root.ok) return root;
    const checks: ProbeCheck[] = [
      { name: 'reachable', ok: true, detail: `${target.url} answers` },
      target.security === 'plain'
        ? { name: 'encryption', ok: true, detail: 'none, as acknowledged' }
        : { name: 'encryption', ok: true, detail: target.security === 'ldaps' ? 'TLS' : 'TLS after StartTLS' },
      { name: 'credentials', ok: true, detail: 'taken' },
    ];
    for (const { check, dn } of names) {
      const found = await directory.read(dn, ['objectClass']);
      if (!found.ok && found.failure.kind !== 'result') return found;
      const detail = found.ok
        ? found.value === null
          ? 'not found, or not readable with these credentials'
          : 'found'
        : found.failure.detail;
      checks.push({ name: check, ok: found.ok && found.value !== null, detail });
    }
    return { ok: true, value: checks };
  });
  return probeOf(result.ok ? result.value : [failedCheck(result.failure)]);
}

function failedCheck({ kind, detail }: LdapFailure): ProbeCheck {
  if (kind === 'refused') return { name: 'address', ok: false, detail };
  if (kind === 'bind') return { name: 'credentials', ok: false, detail };
  if (kind !== 'unreachable') return { name: 'answer', ok: false, detail };
  if (detail.startsWith('DNS')) return { name: 'dns', ok: false, detail };
  return { name: detail.startsWith('TLS') ? 'tls' : 'reachable', ok: false, detail };
}

function probeOf(checks: readonly ProbeCheck[]): ProbeResult {
  const failed = checks.find((check) => !check.ok);
  return { ok: failed === undefined, detail: (failed ?? checks[0])?.detail ?? 'nothing was checked', checks };
}
