/** Kind `active-directory` against its simulator and against Samba as a domain controller: the same promises. */
import { startActiveDirectorySimulator } from '@nave/adapters/simulators';
import { describe } from 'vitest';
import { withProgram } from '../harness/requirement.ts';
import { SAMBA_INSTALL, sambaInstalled, startSambaDc } from '../harness/samba-dc.ts';
import { describeActiveDirectory } from './describe-active-directory.ts';

describe('kind active-directory against its simulator', () => {
  describeActiveDirectory(async () => {
    const simulator = await startActiveDirectorySimulator({
      groups: ['Sales', 'Support', 'VPN', 'Board'],
      service: { user: 'svc', password: 'Svc-SECRET-1' },
    });
    const { url, ca, baseDn, bindUser } = simulator;
    return { url, ca, baseDn, user: bindUser, password: 'Svc-SECRET-1', stop: () => simulator.close() };
  });
});

withProgram('samba', { installed: sambaInstalled(), install: SAMBA_INSTALL }, 'kind active-directory against Samba', () => {
  describeActiveDirectory(async () => {
    const dc = await startSambaDc();
    return { ...dc, user: dc.admin };
  });
});
