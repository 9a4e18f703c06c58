/** Case (a): a bare Fastify route that parses JSON and answers 202. What everything else is measured against. */
import Fastify from 'fastify';

const app = Fastify({ logger: false });
app.post('/hooks/shop', async (_request, reply) =>
  reply.code(202).send({ messageId: '01a1fd78-4daf-7248-8363-b3775a746782', duplicate: false }),
);
await app.listen({ host: '127.0.0.1', port: 0 });
const address = app.server.address();
process.send?.({ port: typeof address === 'object' && address !== null ? address.port : 0 });
process.on('disconnect', () => process.exit(0));
