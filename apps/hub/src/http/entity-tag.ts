/** Versions as entity tags, and the conditions callers put on them (RFC 9110 section 13.1), so that two people do not overwrite each other. */
import { HubError } from '@nave/core';
import type { FastifyRequest } from 'fastify';

/** The strong entity tag of a version. */
export function entityTag(version: number): string {
  return `"${version}"`;
}

/**
 * Checks `If-Match` and `If-None-Match` against what is stored; neither is required.
 * @param stored null when there is nothing yet
 * @throws HubError `resource.stale` when a condition does not hold, `request.malformed` when it cannot be read
 */
export function assertPrecondition(request: FastifyRequest, stored: { version: number } | null): void {
  const match = tagsOf(request, 'if-match');
  // Strong comparison: a weak tag never matches.
  if (match && !(stored && (match.includes('*') || match.includes(entityTag(stored.version))))) throw stale(stored);
  const none = tagsOf(request, 'if-none-match');
  if (none && stored && (none.includes('*') || none.map(strong).includes(entityTag(stored.version)))) throw stale(stored);
}

const TAG = /^(?:\*|(?:W\/)?"[\x21\x23-\x7e]*")$/;

function tagsOf(request: FastifyRequest, header: 'if-match' | 'if-none-match'): string[] | null {
  const value = request.headers[header];
  if (value === undefined) return null;
  const tags = value.split(',').map((tag) => tag.trim());
  if (tags.every((tag) => TAG.test(tag))) return tags;
  const message = 'expected entity tags such as "3", or *';
  throw new HubError('request.malformed', { detail: `${header}: ${message}`, errors: [{ path: `/headers/${header}`, message }] });
}

function strong(tag: string): string {
  return tag.replace(/^W\//, '');
}

function stale(stored: { version: number } | null): HubError {
  return new HubError('resource.stale', { detail: stored ? `The version is now ${stored.version}. Read it again.` : 'It does not exist.' });
}
