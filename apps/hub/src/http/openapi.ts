/** The OpenAPI 3.1 document: made from the routes' schemas, so that it cannot differ from what is served. */
import type { FastifyDynamicSwaggerOptions } from '@fastify/swagger';

/** Options for @fastify/swagger. Each operation tells its least role in `x-nave-role`. */
export function openApiOptions(): FastifyDynamicSwaggerOptions {
  return {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Nave',
        description: 'Self-hosted hub-and-spoke integration server: webhooks in, deliveries out, nothing lost.',
        version: '1',
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      },
      components: {
        securitySchemes: {
          key: { type: 'http', scheme: 'bearer', description: 'An API key' },
          session: { type: 'apiKey', in: 'cookie', name: 'nave_session', description: 'Dashboard sign-in' },
        },
      },
      security: [{ key: [] }, { session: [] }],
    },
    transform: ({ schema, url, route }) => {
      const role = route.config?.role;
      const open = role === undefined || role === 'anyone';
      const marks = { ...(role === undefined ? {} : { 'x-nave-role': role }), ...(open ? { security: [] } : {}) };
      return { schema: { ...schema, ...marks }, url };
    },
  };
}
