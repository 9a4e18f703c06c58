/** Writes the body of a request: the exact bytes of the message when it is passed on, else the mapped value in the wanted format. */
import { bodyKindOf, type OperationInput, parseContentType, stringifyExact, stringifyForm, stringifyXml } from '@nave/adapter-kit';
import type { RestOperation } from './config.ts';

export interface EncodedBody {
  bytes: Uint8Array | string;
  contentType: string;
}

type Format = NonNullable<RestOperation['format']>;

/** The whole input. With no format asked for, or the one it came in, the sender's bytes go out untouched. */
export function passOn(input: OperationInput, format: Format | undefined): EncodedBody | null {
  const { raw, data, json } = input;
  if (raw && (format === undefined || bodyKindOf(parseContentType(raw.contentType).essence) === format)) {
    return { bytes: raw.bytes, contentType: raw.contentType === '' ? 'application/octet-stream' : raw.contentType };
  }
  if (json && (format === undefined || format === 'json')) return { bytes: json, contentType: 'application/json' };
  return encodeBody(data, format ?? 'json');
}

/** A mapped value in a format; null (no body) for a value that is nothing. */
export function encodeBody(data: unknown, format: Format): EncodedBody | null {
  if (data === undefined) return null;
  if (format === 'xml') return { bytes: stringifyXml(data), contentType: 'application/xml; charset=utf-8' };
  if (format === 'form') return { bytes: stringifyForm(data), contentType: 'application/x-www-form-urlencoded' };
  return { bytes: stringifyExact(data) ?? 'null', contentType: 'application/json' };
}
