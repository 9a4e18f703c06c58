/** The resources of the admin API: one line each. */
import type { FastifyPluginAsync } from 'fastify';
import type { AdminDeps } from './admin-deps.ts';

export const adminResources: readonly FastifyPluginAsync<{ deps: AdminDeps }>[] = [];
