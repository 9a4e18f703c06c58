/** Content types (RFC 9110 section 8.3): which of the hub's readings a body gets. */
export type BodyKind = 'json' | 'xml' | 'form' | 'text' | 'binary';

export interface MediaType {
  /** Lower case, without parameters: `application/json`. Empty when there was none. */
  essence: string;
  /** The `charset` parameter in lower case, or null. */
  charset: string | null;
}

/** Splits a content type into what the hub looks at. Never fails: what is no content type has an essence no kind knows. */
export function parseContentType(value: string | undefined): MediaType {
  const [essence = '', ...parameters] = (value ?? '').split(';', 16);
  const charset = parameters
    .map((parameter) => parameter.trim().toLowerCase())
    .find((parameter) => parameter.startsWith('charset='))
    ?.slice('charset='.length)
    .replaceAll('"', '')
    .trim();
  return { essence: essence.trim().toLowerCase(), charset: charset ? charset : null };
}

/** How a body of this type is read. A missing type is binary, as RFC 9110 advises (`application/octet-stream`). */
export function bodyKindOf(essence: string): BodyKind {
  if (essence === 'application/json' || essence === 'text/json' || essence.endsWith('+json')) return 'json';
  if (essence === 'application/xml' || essence === 'text/xml' || essence.endsWith('+xml')) return 'xml';
  if (essence === 'application/x-www-form-urlencoded') return 'form';
  return essence.startsWith('text/') ? 'text' : 'binary';
}
