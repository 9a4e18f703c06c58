/** What a configurable HMAC signs: text with placeholders for parts of the request. */
import type { RawRequest } from '@nave/core';
import { requestHeader } from './request-header.ts';

export interface SignedTemplate {
  problem: string | null;
  /** The placeholders used, without their braces. */
  names: readonly string[];
  /** Lower-case names of the headers used as `{header:<name>}`. */
  headers: readonly string[];
  /** The signed bytes in order, or null when a header they need is missing. */
  fill(request: RawRequest, timestamp: string): (string | Uint8Array)[] | null;
}

const PLACEHOLDER = /\{([^{}]*)\}/g;
const NAMES = ['timestamp', 'method', 'url', 'target', 'path', 'body'];
const HEADER = /^header:([A-Za-z0-9-]{1,100})$/;

/** Parses `{timestamp}.{body}` and the like. Placeholders: timestamp, method, url (as the sender saw it), target (path and query), path, body, header:<name>. */
export function parseSignedTemplate(text: string): SignedTemplate {
  const names = [...text.matchAll(PLACEHOLDER)].map((match) => match[1] ?? '');
  const unknown = names.find((name) => !NAMES.includes(name) && !HEADER.test(name));
  const stray = /[{}]/.test(text.replace(PLACEHOLDER, ''));
  const problem = unknown !== undefined || stray ? `expected placeholders {${NAMES.join('}, {')}} or {header:<name>}` : null;
  // Odd places hold placeholder names, even ones literal text: `split` with one capture group alternates them.
  const parts = text.split(PLACEHOLDER);
  return {
    problem,
    names,
    headers: names.flatMap((name) => HEADER.exec(name)?.[1]?.toLowerCase() ?? []),
    fill(request, timestamp) {
      const filled: (string | Uint8Array)[] = [];
      for (const [index, part] of parts.entries()) {
        const value = index % 2 === 0 ? part : placeholderValue(part, request, timestamp);
        if (value === undefined) return null;
        if (value.length > 0) filled.push(value);
      }
      return filled;
    },
  };
}

function placeholderValue(name: string, request: RawRequest, timestamp: string): string | Uint8Array | undefined {
  if (name === 'timestamp') return timestamp;
  if (name === 'method') return request.method;
  if (name === 'url') return request.publicUrl;
  if (name === 'target') return request.target;
  if (name === 'path') return request.target.split('?', 1)[0] ?? '';
  if (name === 'body') return request.body;
  return requestHeader(request, HEADER.exec(name)?.[1]?.toLowerCase() ?? '');
}
