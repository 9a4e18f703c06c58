/** Bodies of the admin API: JSON and merge patches (RFC 7396), nothing else. */
import { isDeeperThan, JSON_DEPTH_MAX } from '@nave/adapter-kit';
import { HubError } from '@nave/core';
import type { FastifyInstance, FastifyRequest } from 'fastify';

/**
 * Reads `application/json` and `application/merge-patch+json` in this scope. Names that reach prototypes, and nesting that would exhaust the stack of
 * whoever walks the value later, are refused. An empty body is none, where the route takes none.
 */
export function acceptJson(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser('error', 'error');
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(
    ['application/json', 'application/merge-patch+json'],
    { parseAs: 'string' },
    (request: FastifyRequest, text: string, done) => {
      if (text === '' && request.routeOptions.schema?.body === undefined) return done(null, undefined);
      if (isDeeperThan(text))
        return done(new HubError('request.malformed', { detail: `The body is nested deeper than ${JSON_DEPTH_MAX} levels.` }));
      return parse(request, text, done);
    },
  );
}
