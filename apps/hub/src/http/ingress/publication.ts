/** What callers publish: the hub's own form and CloudEvents, brought to one shape. Every problem is named at once. */
import { parseBody, parseExact, stringifyExact } from '@nave/adapter-kit';
import { type FieldProblem, HubError } from '@nave/core';
import { isStorable } from '@nave/pipeline';

export interface PublicationInput {
  /** Where the caller names the spoke: `source` of the hub's own form, or of a CloudEvent that may be a spoke's name. */
  source: string;
  type: string;
  /** Parsed, for routing. */
  data: unknown;
  /** Exact bytes of `data`. */
  body: Uint8Array;
  contentType: string;
  idempotencyKey: string | null;
  orderingKey: string | null;
  correlationId: string | null;
  traceparent: string | null;
}

const FIELDS = new Set(['source', 'type', 'data', 'idempotencyKey', 'orderingKey', 'correlationId']);
const TEXT_MAX = 255;
const TYPE_MAX = 200;
const TRACEPARENT = /^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/;

/**
 * The hub's own form: `{ source, type, data, idempotencyKey?, orderingKey?, correlationId? }`.
 * @param exact the same item parsed with numbers kept as text, so that integers beyond 2^53 leave as they came
 * @throws HubError `request.invalid` with every problem
 */
export function publicationOf(item: unknown, exact: unknown, at: string): PublicationInput {
  const problems: FieldProblem[] = [];
  if (!isRecord(item) || !isRecord(exact)) throw invalid([{ path: at, message: 'expected an object { source, type, data }' }]);
  for (const name of Object.keys(item))
    if (!FIELDS.has(name)) problems.push({ path: `${at}/${pointer(name)}`, message: 'is not a known field' });
  const source = text(item, 'source', at, problems, TEXT_MAX, true);
  const type = text(item, 'type', at, problems, TYPE_MAX, true);
  const idempotencyKey = text(item, 'idempotencyKey', at, problems, TEXT_MAX, false);
  const orderingKey = text(item, 'orderingKey', at, problems, TEXT_MAX, false);
  const correlationId = text(item, 'correlationId', at, problems, TEXT_MAX, false);
  if (!Object.hasOwn(item, 'data')) problems.push({ path: `${at}/data`, message: 'is required' });
  if (problems.length > 0) throw invalid(problems);
  return {
    source: source ?? '',
    type: type ?? '',
    data: item['data'],
    body: Buffer.from(stringifyExact(exact['data']) ?? 'null', 'utf8'),
    contentType: 'application/json',
    idempotencyKey,
    orderingKey,
    correlationId,
    traceparent: null,
  };
}

/** A CloudEvent in structured form (CloudEvents 1.0, JSON Event Format sections 2 and 3). @throws HubError `request.invalid` */
export function structuredEvent(item: unknown, exact: unknown, at: string): PublicationInput {
  if (!isRecord(item) || !isRecord(exact)) throw invalid([{ path: at, message: 'expected a CloudEvent object' }]);
  const problems: FieldProblem[] = [];
  const attributes = eventAttributes((name) => item[name], at, problems);
  const contentType = text(item, 'datacontenttype', at, problems, TEXT_MAX, false) ?? 'application/json';
  // JSON null is an attribute that is not set (JSON Event Format section 2.2).
  const encoded = item['data_base64'] ?? undefined;
  if (encoded !== undefined && (typeof encoded !== 'string' || !/^[A-Za-z0-9+/]*={0,2}$/.test(encoded))) {
    problems.push({ path: `${at}/data_base64`, message: 'expected base64' });
  }
  if (encoded !== undefined && (item['data'] ?? undefined) !== undefined)
    problems.push({ path: `${at}/data_base64`, message: 'stands beside data: expected one of them' });
  if (problems.length > 0) throw invalid(problems);
  const data = item['data'] ?? null;
  const isJson = /[/+]json\b/i.test(contentType);
  if (isJson && typeof encoded !== 'string') return { ...attributes, data, body: jsonBytes(exact['data']), contentType };
  // A string under a media type that is not JSON is the text itself (JSON Event Format section 3.1).
  const plainText = typeof data === 'string' ? Buffer.from(data, 'utf8') : jsonBytes(exact['data']);
  const body = typeof encoded === 'string' ? Buffer.from(encoded, 'base64') : plainText;
  // What routes see must be what mappings see later, and those read the body by its type.
  const parsed = parseBody(contentType, body);
  if (!parsed.ok) throw invalid([{ path: `${at}/${typeof encoded === 'string' ? 'data_base64' : 'data'}`, message: parsed.reason }]);
  return { ...attributes, data: parsed.data, body, contentType };
}

function jsonBytes(exact: unknown): Buffer {
  return Buffer.from(stringifyExact(exact ?? null) ?? 'null', 'utf8');
}

/** A CloudEvent in binary form: attributes in `ce-` headers, percent-encoded once (HTTP Protocol Binding section 3.1). @throws HubError `request.invalid` */
export function binaryEvent(
  headers: Readonly<Record<string, string>>,
  body: Uint8Array,
  data: unknown,
  contentType: string,
): PublicationInput {
  const problems: FieldProblem[] = [];
  const attributes = eventAttributes((name) => decoded(headers[`ce-${name}`]), '/headers', problems);
  if (problems.length > 0)
    throw invalid(problems.map(({ path, message }) => ({ path: path.replace('/headers/', '/headers/ce-'), message })));
  return { ...attributes, data, body, contentType };
}

function eventAttributes(read: (name: string) => unknown, at: string, problems: FieldProblem[]) {
  const item: Record<string, unknown> = {};
  for (const name of ['specversion', 'id', 'source', 'type', 'partitionkey', 'traceparent', 'correlationid']) item[name] = read(name);
  if (item['specversion'] !== '1.0') problems.push({ path: `${at}/specversion`, message: 'expected "1.0"' });
  const id = text(item, 'id', at, problems, TEXT_MAX, true);
  const source = text(item, 'source', at, problems, 2_000, true);
  // A URI reference has no white space (RFC 3986), and the key made of source and id stays unambiguous.
  if (source !== null && /\s/.test(source)) problems.push({ path: `${at}/source`, message: 'expected a URI reference' });
  const type = text(item, 'type', at, problems, TYPE_MAX, true);
  const traceparent = item['traceparent'];
  return {
    source: source ?? '',
    type: type ?? '',
    idempotencyKey: `${source ?? ''} ${id ?? ''}`,
    orderingKey: text(item, 'partitionkey', at, problems, TEXT_MAX, false),
    correlationId: text(item, 'correlationid', at, problems, TEXT_MAX, false),
    traceparent: typeof traceparent === 'string' && TRACEPARENT.test(traceparent) ? traceparent : null,
  };
}

/** Parses a JSON body twice: plain for routing, exact for passing on. @throws SyntaxError */
export function parseBoth(body: string): { plain: unknown; exact: unknown } {
  return { plain: JSON.parse(body), exact: parseExact(body) };
}

function text(
  item: Record<string, unknown>,
  name: string,
  at: string,
  problems: FieldProblem[],
  max: number,
  required: boolean,
): string | null {
  const value = item[name];
  if (value === undefined || (value === null && !required)) {
    if (required) problems.push({ path: `${at}/${name}`, message: 'is required' });
    return null;
  }
  if (typeof value === 'string' && isStorable(value, max)) return value;
  problems.push({ path: `${at}/${name}`, message: `expected text of 1 to ${max} characters` });
  return null;
}

/** A header's value: unquoted as RFC 9110 section 5.6.4 says, then percent-decoded once. */
function decoded(value: string | undefined): string | undefined {
  if (value === undefined) return undefined;
  const quoted = /^"((?:[^"\\]|\\.)*)"$/.exec(value)?.[1];
  try {
    return decodeURIComponent(quoted === undefined ? value : quoted.replaceAll(/\\(.)/g, '$1'));
  } catch {
    return '';
  }
}

function invalid(errors: readonly FieldProblem[]): HubError {
  return new HubError('request.invalid', { errors });
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function pointer(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1').slice(0, 100);
}
