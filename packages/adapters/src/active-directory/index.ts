/** Kind `active-directory`: accounts and groups of a Windows domain (or Samba as one), for people who come, change and go. */
import { defineAdapter, type ErasedAdapter } from '@nave/adapter-kit';
import { LdapCredentials } from '@nave/protocols';
import { ActiveDirectoryConfig } from './config.ts';
import { openActiveDirectory } from './deliver.ts';
import { DECLARATIONS, declarationsOf } from './operations.ts';
import { validateActiveDirectory } from './validate.ts';

const CHANGES = ['account.changed', 'account.deleted', 'group.changed', 'group.deleted'] as const;
const EVERY_MS = 60_000;

export const activeDirectory: ErasedAdapter = defineAdapter({
  kind: 'active-directory',
  title: 'Active Directory',
  family: 'hr',
  summary: 'Accounts and groups of a Windows domain: created, changed, disabled with proof; changes fetched by update sequence number.',
  config: ActiveDirectoryConfig,
  credentials: LdapCredentials,
  operations: DECLARATIONS,
  operationsOf: declarationsOf,
  validate: validateActiveDirectory,
  events: [
    { type: 'account.changed', summary: 'An account was created or changed, as it is now' },
    { type: 'account.deleted', summary: 'An account was deleted' },
    { type: 'group.changed', summary: 'A group or its members changed, as it is now' },
    { type: 'group.deleted', summary: 'A group was deleted' },
  ],
  polls: [{ name: 'changes', title: 'Changes of accounts and groups', everyMs: EVERY_MS, eventTypes: CHANGES }],
  verify: ['none'],
  defaults: { concurrency: 4, timeoutMs: 60_000 },
  docs: 'kinds/active-directory.md',
  deliver: { open: openActiveDirectory },
});
