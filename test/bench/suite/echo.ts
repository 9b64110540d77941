import fastify from 'fastify';

/** A bare Fastify that reads a JSON body and sends it back: what this machine can do over HTTP at all, with the same load generator. */
const main = async (): Promise<void> => {
  const app = fastify();
  app.post('/v1/settlements', (request, reply) => void reply.send(request.body));
  await app.listen({ host: '127.0.0.1', port: 0 });
  const address = app.server.address();
  process.send?.({ port: typeof address === 'object' ? address?.port : 0 });
};

process.once('disconnect', () => process.exit(0));
void main();
