export * from './config.ts';
export * from './describe.ts';
export * from './load.ts';
export * from './load-from-process.ts';
export * from './render-configuration-doc.ts';
export * from './render-env-example.ts';
export * from './secret.ts';
