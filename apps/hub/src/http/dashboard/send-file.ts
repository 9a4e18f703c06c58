/** Answers a request for a file of the dashboard, in the smallest form the reader takes. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Encoding, PageFile } from '../../dashboard/load-pages.ts';
import { FILE_POLICY } from './page-headers.ts';

const YEAR = 'public, max-age=31536000, immutable';
const CHECK_EACH_TIME = 'no-cache';
/** Of equal standing with the reader, the first is taken. */
const ENCODINGS = ['br', 'gzip'] as const;

export function sendFile(request: FastifyRequest, reply: FastifyReply, file: PageFile): FastifyReply {
  const encoding = encodingFor(request.headers['accept-encoding'], file);
  const tag = `"${file.tag}${encoding === null ? '' : `-${encoding}`}"`;
  const vary = [reply.getHeader('vary'), 'Accept-Encoding'].filter((each) => each !== undefined).join(', ');
  reply
    .header('cache-control', file.immutable ? YEAR : CHECK_EACH_TIME)
    .header('etag', tag)
    .header('vary', vary)
    .header('x-content-type-options', 'nosniff')
    .header('cross-origin-resource-policy', 'same-origin')
    .header('content-security-policy', FILE_POLICY);
  if (isKnown(request.headers['if-none-match'], tag)) return reply.code(304).send();
  if (encoding !== null) reply.header('content-encoding', encoding);
  return reply.header('content-type', file.contentType).send((encoding !== null && file.encoded[encoding]) || file.body);
}

/** The encoding to send, null for none: of those the file has, the one the reader likes most (RFC 9110 section 12.5.3). */
function encodingFor(header: string | undefined, file: PageFile): Encoding | null {
  if (header === undefined) return null;
  const liking = new Map<string, number>();
  for (const part of header.toLowerCase().split(',').slice(0, 20)) {
    const [, name, quality] = /^\s*([a-z0-9*-]+)\s*(?:;\s*q=([01](?:\.\d{0,3})?))?\s*$/.exec(part) ?? [];
    if (name !== undefined) liking.set(name, Number(quality ?? 1));
  }
  let best: Encoding | null = null;
  let most = 0;
  for (const encoding of ENCODINGS) {
    const likes = liking.get(encoding) ?? liking.get('*') ?? 0;
    if (file.encoded[encoding] === undefined || likes <= most) continue;
    best = encoding;
    most = likes;
  }
  return best;
}

/** `If-None-Match` by weak comparison (RFC 9110 section 13.1.2). */
function isKnown(header: string | undefined, tag: string): boolean {
  if (header === undefined) return false;
  return header.split(',').some((each) => each.trim() === '*' || each.trim().replace(/^W\//, '') === tag);
}
