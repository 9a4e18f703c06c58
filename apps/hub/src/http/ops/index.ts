/** The ops scope; empty until it is built. */
import type { FastifyPluginAsync } from 'fastify';

export type OpsDeps = Record<string, unknown>;

export const opsScope: FastifyPluginAsync<OpsDeps> = async () => {};
