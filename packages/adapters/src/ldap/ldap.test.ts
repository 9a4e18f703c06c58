import { createGuardedAddresses } from '@nave/protocols';
import { createAddressGuard } from '@nave/security';
import { describeLdapContract } from '@nave/testkit';
import { createFakeExpressions } from '../fake-expressions.ts';
import { ldap } from './index.ts';
import { startLdapSimulator } from './simulator/index.ts';

const ADMIN = 'cn=admin,dc=example,dc=test';
const PASSWORD = 'pw-SECRET-1';

describeLdapContract({
  adapter: ldap,
  startSimulator: ({ ldaps }) => startLdapSimulator({ ldaps, accounts: { [ADMIN]: PASSWORD } }),
  createAddresses(mode) {
    const guard = createAddressGuard({ allow: mode === 'refusing' ? [] : ['127.0.0.0/8', '::1'], forbid: [] });
    return createGuardedAddresses({ guard, resolve: mode === 'stalled' ? () => new Promise(() => {}) : async () => ['::1', '127.0.0.1'] });
  },
  expressions: createFakeExpressions({}),
  config: ({ url, ca }) => ({ url, ca, baseDn: 'dc=example,dc=test' }),
  credentials: { type: 'simple', user: ADMIN, password: PASSWORD },
  operation: 'upsert',
  input: {
    data: {
      dn: 'uid=jnovakova,ou=people,dc=example,dc=test',
      attributes: { objectClass: ['inetOrgPerson'], sn: 'Nováková', cn: 'Jana Nováková', userPassword: 'pw-PERSON-1' },
    },
    raw: null,
  },
  personal: ['jnovakova', 'Nováková', 'pw-PERSON-1'],
  diagnostic: 'entry uid=jnovakova,ou=people,dc=example,dc=test: value "Nováková" refused',
});
