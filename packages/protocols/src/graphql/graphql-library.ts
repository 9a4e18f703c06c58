/** The `graphql` package, loaded when the first document or schema is read: a hub without GraphQL spokes never pays its 17 MB. */
import { createRequire } from 'node:module';

const load = createRequire(import.meta.url);
let loaded: typeof import('graphql') | null = null;

/**
 * The package. Loaded synchronously, because spokes are validated and compiled synchronously; always through `require`, because two copies of it refuse each
 * other's schemas.
 */
export function graphqlLibrary(): typeof import('graphql') {
  if (loaded === null) {
    const library: typeof import('graphql') = load('graphql');
    loaded = library;
  }
  return loaded;
}
