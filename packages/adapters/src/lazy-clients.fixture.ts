/** Run as a program: loads all kinds, then opens a spoke, and prints which npm packages the code of this repository loaded for each. */
import { registerHooks } from 'node:module';

const PACKAGE = /\/node_modules\/(?!.*\/node_modules\/)((?:@[^/]+\/)?[^/]+)/;
const loaded = new Set<string>();

// Packages that packages load are their own affair: only imports of ours are noted.
registerHooks({
  resolve(specifier, context, next) {
    const resolved = next(specifier, context);
    const name = PACKAGE.exec(resolved.url)?.[1];
    if (name !== undefined && !context.parentURL?.includes('/node_modules/')) loaded.add(name);
    return resolved;
  },
});

const { kindOf } = await import('./index.ts');
const idle = [...loaded];
loaded.clear();
const spoke = {
  endpoint: 'http://127.0.0.1:1/graphql',
  operations: { ask: { document: '{ a }' } },
};
const nothing = () => {};
const logger = { debug: nothing, info: nothing, warn: nothing, error: nothing, child: () => logger };
const { DEFAULT_POLICY } = await import('@nave/core');
const { createFakeExpressions } = await import('./fake-expressions.ts');
await kindOf('graphql')?.open(spoke, {
  ...{ spoke: 's', credentials: undefined, policy: DEFAULT_POLICY, clock: { now: () => 0 }, logger, expressions: createFakeExpressions() },
  http: { exchange: () => Promise.reject(new Error('nothing is sent')), close: async () => {} },
  tokens: { get: () => Promise.reject(new Error('no token is needed')), drop: nothing },
});
console.log(JSON.stringify({ idle, opened: [...loaded] }));
