/** Addresses for protocols other than HTTP: a name is resolved here and judged by the guard, and only what it gives may be connected to. */
import type { GuardedAddresses, ResolvedAddresses } from '@nave/adapter-kit';
import { messageOf } from '@nave/core';
import type { AddressGuard } from '../http/address-guard.ts';
import { type ResolveHost, resolveWithSystem } from '../http/guarded-connect.ts';

export interface GuardedAddressesOptions {
  guard: AddressGuard;
  /** Default: the operating system's resolver. */
  resolve?: ResolveHost;
}

const ADDRESSES_MAX = 16;

/** Resolves at every call: an answer that was checked once is not kept. */
export function createGuardedAddresses({ guard, resolve = resolveWithSystem }: GuardedAddressesOptions): GuardedAddresses {
  return {
    async resolve(host, port, timeoutMs): Promise<ResolvedAddresses> {
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<ResolvedAddresses>((settle) => {
        timer = setTimeout(
          () => settle({ ok: false, failure: 'timeout', detail: `the host of ${host}:${port} was not resolved in time` }),
          timeoutMs,
        );
      });
      const asked = resolve(host).then(
        (addresses): ResolvedAddresses => {
          const verdict = guard.check(host, port, addresses.slice(0, ADDRESSES_MAX));
          return verdict.ok ? { ok: true, addresses: verdict.addresses } : { ok: false, failure: 'refused', detail: verdict.reason };
        },
        (error: unknown): ResolvedAddresses => ({
          ...{ ok: false, failure: 'unreachable' },
          detail: `DNS: the host of ${host}:${port} cannot be resolved (${codeOf(error)})`,
        }),
      );
      try {
        return await Promise.race([asked, late]);
      } finally {
        clearTimeout(timer);
      }
    },
  };
}

function codeOf(error: unknown): string {
  const code: unknown = typeof error === 'object' && error !== null ? Reflect.get(error, 'code') : undefined;
  return typeof code === 'string' && /^[A-Z0-9_]{1,60}$/.test(code)
    ? code
    : messageOf(error)
        .slice(0, 60)
        .replace(/[^\w ]/g, ' ');
}
