/** Bodies of the admin API: JSON and merge patches (RFC 7396), nothing else. */
import { isDeeperThan, JSON_DEPTH_MAX, joinPointer } from '@nave/adapter-kit';
import { type FieldProblem, HubError } from '@nave/core';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { summary } from '../problem.ts';

/**
 * Reads `application/json` and `application/merge-patch+json` in this scope. Names that reach prototypes, and nesting that would exhaust the stack of
 * whoever walks the value later, are refused. An empty body is none, where the route takes none.
 */
export function acceptJson(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser('error', 'error');
  const utf8 = new TextDecoder('utf-8', { fatal: true });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(
    ['application/json', 'application/merge-patch+json'],
    { parseAs: 'buffer' },
    (request: FastifyRequest, bytes: Buffer, done) => {
      if (bytes.length === 0 && takesNone(request.routeOptions.schema?.body)) return done(null, undefined);
      const coding = request.headers['content-encoding']?.trim().toLowerCase() ?? 'identity';
      if (coding !== 'identity' && coding !== '')
        return done(new HubError('request.media-type', { detail: 'The body must come without a Content-Encoding.' }));
      let text: string;
      try {
        text = utf8.decode(bytes);
      } catch {
        return done(new HubError('request.malformed', { detail: 'The body is not valid UTF-8.' }));
      }
      if (isDeeperThan(text))
        return done(new HubError('request.malformed', { detail: `The body is nested deeper than ${JSON_DEPTH_MAX} levels.` }));
      return parse(request, text, (error, value) => {
        const errors = error ? [] : unstorable(value, '');
        if (errors.length > 0) return done(new HubError('request.invalid', { detail: summary(errors), errors }));
        return done(error, value);
      });
    },
  );
}

/** Whether a route may be called without a body: it takes none, or its schema has null beside the object. */
function takesNone(schema: unknown): boolean {
  if (schema === undefined) return true;
  if (typeof schema !== 'object' || schema === null || !('anyOf' in schema) || !Array.isArray(schema.anyOf)) return false;
  return schema.anyOf.some((each: unknown) => typeof each === 'object' && each !== null && 'type' in each && each.type === 'null');
}

const PROBLEMS_MAX = 20;

/** Texts that PostgreSQL takes in no column: with NUL, or with half of a surrogate pair. */
function unstorable(value: unknown, path: string): FieldProblem[] {
  if (typeof value === 'string') return isStorable(value) ? [] : [{ path, message: 'text with NUL or half a surrogate pair' }];
  if (typeof value !== 'object' || value === null) return [];
  const problems: FieldProblem[] = [];
  for (const [name, field] of Object.entries(value)) {
    if (problems.length >= PROBLEMS_MAX) break;
    if (isStorable(name)) problems.push(...unstorable(field, joinPointer(path, name)));
    else problems.push({ path, message: 'a name with NUL or half a surrogate pair' });
  }
  return problems;
}

function isStorable(text: string): boolean {
  return !text.includes('\0') && text.isWellFormed();
}
