/** Delivers to an `active-directory` spoke, and fetches its changes. */
import type { AdapterContext, SpokeConnection } from '@nave/adapter-kit';
import { type LdapCredentials, openLdapConnection } from '@nave/protocols';
import type { ActiveDirectoryConfig } from './config.ts';
import { activeDirectoryOperations } from './operations.ts';
import { pollChanges } from './poll-changes.ts';

export function openActiveDirectory(config: ActiveDirectoryConfig, context: AdapterContext<LdapCredentials>): SpokeConnection {
  const { accounts, groups } = config;
  const places: [string, string | undefined][] = [
    ['base', config.baseDn],
    ['container', accounts.container],
    ['createIn', accounts.createIn],
    ['leavers', accounts.leavers],
    ['groups', groups?.base],
  ];
  const connection = openLdapConnection({
    ...{ config, context, operations: activeDirectoryOperations(config) },
    settings: { config, encrypted: config.url.toLowerCase().startsWith('ldaps:') || config.startTls === true },
    expected: places.flatMap(([check, dn]) => (dn === undefined ? [] : [{ check, dn }])),
  });
  const { timeoutMs } = context.policy;
  // A poll that waits must not keep a delivery waiting.
  const pool = connection.openPool(1);
  return {
    send: connection.send,
    probe: connection.probe,
    close: connection.close,
    poll: (_name, cursor, limit, signal, from) => pollChanges({ pool, config, timeoutMs }, { cursor, limit, from: from ?? 'now' }, signal),
  };
}
