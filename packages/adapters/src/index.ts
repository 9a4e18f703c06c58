/** The list of kinds: one line each. */
import type { ErasedAdapter } from '@nave/adapter-kit';
import { activeDirectory } from './active-directory/index.ts';
import { graphql } from './graphql/index.ts';
import { hubspot } from './hubspot/index.ts';
import { ldap } from './ldap/index.ts';
import { pohoda } from './pohoda/index.ts';
import { rest } from './rest/index.ts';
import { soap } from './soap/index.ts';
import { source } from './source/index.ts';
import { stripe } from './stripe/index.ts';
import { webhook } from './webhook/index.ts';

export const KINDS: readonly ErasedAdapter[] = [rest, graphql, hubspot, ldap, pohoda, soap, stripe, webhook, source, activeDirectory];

const BY_NAME: ReadonlyMap<string, ErasedAdapter> = new Map(KINDS.map((adapter) => [adapter.kind, adapter]));

/** The kind of that name, or undefined. */
export function kindOf(name: string): ErasedAdapter | undefined {
  return BY_NAME.get(name);
}
