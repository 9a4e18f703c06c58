/** What the operations of an `active-directory` spoke work with. */
import type { OperationScope } from '@nave/protocols';
import type { ActiveDirectoryConfig } from './config.ts';

export interface Settings {
  config: ActiveDirectoryConfig;
  encrypted: boolean;
}

export type Scope = OperationScope<Settings>;
