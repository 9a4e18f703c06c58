/** The ingress scope; empty until it is built. */
import type { FastifyPluginAsync } from 'fastify';

export type IngressDeps = Record<string, unknown>;

export const ingressScope: FastifyPluginAsync<IngressDeps> = async () => {};
