/** Builds the request of an operation: the body from the input, headers around it, signed, packed. */
import type { HttpExchangeRequest, SendRequest } from '@nave/adapter-kit';
import { type CompiledExpression, type ExpressionEngine, type ExpressionScope, isHubError, isUuid, timeOfUuid } from '@nave/core';
import {
  encodeBody,
  envelopeType,
  headerValueProblem,
  type MessageContext,
  packMtom,
  type SignEnvelope,
  withDeliveryHeaders,
  writeEnvelope,
} from '@nave/protocols';
import type { SoapService } from './client.ts';
import type { SoapConfig, SoapOperation } from './config.ts';
import type { SoapCredentials } from './credentials.ts';
import { buildHeaders, type CompiledHeaders, compileHeaders } from './soap-headers.ts';

/** An operation ready to be used, whether the WSDL is there yet or not. */
export interface CompiledOperation {
  /** Its key in the WSDL. */
  key: string;
  settings: SoapOperation;
  input: CompiledExpression | null;
  headers: CompiledHeaders;
  success: CompiledExpression | null;
  /** Other operations ask this one whether they were done: it may say "not done" only when it is sure. */
  isLookup: boolean;
}

/** @throws HubError `expression.compile` */
export function compileOperation(
  name: string,
  settings: SoapOperation,
  config: SoapConfig,
  expressions: ExpressionEngine,
): CompiledOperation {
  return {
    key: settings.operation ?? name,
    settings,
    input: settings.input === undefined ? null : expressions.compile(settings.input),
    headers: compileHeaders(expressions, config.headers, settings.headers),
    isLookup: Object.values(config.operations ?? {}).some(({ lookup }) => lookup === name),
    success: settings.success === undefined ? null : expressions.compile(settings.success),
  };
}

/** What a request of this delivery sees as the present and as chance: the same on every attempt. */
export function scopeOf({ deliveryId }: SendRequest, nowMs: number): ExpressionScope {
  return { nowMs: isUuid(deliveryId) ? timeOfUuid(deliveryId) : nowMs, seed: deliveryId };
}

export interface RequestParts {
  config: SoapConfig;
  credentials: SoapCredentials;
  sign: SignEnvelope | null;
  nowMs: number;
  timeoutMs: number;
}

export type BuiltRequest =
  | { ok: true; request: HttpExchangeRequest; message: MessageContext; redact: readonly string[] }
  | { ok: false; reason: string };

/** Bytes of one request. */
const REQUEST_BYTES_MAX = 32 * 1024 * 1024;

/** The request without HTTP credentials, or why the input does not make one: an `invalid` outcome. */
export async function buildRequest(
  compiled: CompiledOperation,
  service: SoapService,
  send: SendRequest,
  { config, credentials, sign, nowMs, timeoutMs }: RequestParts,
): Promise<BuiltRequest> {
  const operation = service.operation(compiled.key);
  if (!operation) return { ok: false, reason: `the WSDL has no operation called ${compiled.key}` };
  const { version } = service.port;
  const binaries: string[] = [];
  const threshold = config.mtom ? (config.mtom.thresholdBytes ?? 1_024) : null;
  const onBinary = (base64: string): void => {
    if (threshold !== null && base64.length * 0.75 >= threshold) binaries.push(base64);
  };
  const message: MessageContext = { view: service.view, version, operation, direction: 'input', onBinary };
  try {
    const { data } = send.input;
    const body = encodeBody(message, compiled.input === null ? data : await compiled.input.evaluate(data, scopeOf(send, nowMs)));
    if (!body.ok) return { ok: false, reason: `the input does not fit ${compiled.key}: ${body.reason}` };
    const headers = await buildHeaders(compiled.headers, credentials, message, send, scopeOf(send, nowMs), nowMs);
    if (!headers.ok) return headers;
    const plain = writeEnvelope({ version, headers: headers.headers, body: body.body });
    const envelope = sign ? sign(plain) : plain;
    const action = compiled.settings.action ?? operation.action;
    if (/["\\]/.test(action) || headerValueProblem(action) !== null)
      return { ok: false, reason: 'the action of the operation cannot be sent in a header' };
    const packed =
      config.mtom && binaries.length > 0
        ? packMtom(envelope, binaries, version, action, send.deliveryId)
        : { contentType: contentTypeOf(version, action), body: Buffer.from(envelope) };
    if (packed.body.byteLength > REQUEST_BYTES_MAX) return { ok: false, reason: `the request is larger than ${REQUEST_BYTES_MAX} bytes` };
    const own: Record<string, string> = {
      Accept: `${envelopeType(version)}, multipart/related`,
      'User-Agent': 'Nave',
      'Content-Type': packed.contentType,
    };
    // Required by SOAP 1.1, even when there is nothing to say (section 6.1.1).
    if (version === '1.1') own['SOAPAction'] = `"${action}"`;
    const request = { method: 'POST', url: service.endpoint, headers: withDeliveryHeaders(own, send), body: packed.body, timeoutMs };
    return { ok: true, request, message, redact: headers.redact };
  } catch (error) {
    if (isHubError(error)) return { ok: false, reason: `an expression of the operation failed: ${error.detail}` };
    throw error;
  }
}

function contentTypeOf(version: '1.1' | '1.2', action: string): string {
  const type = `${envelopeType(version)}; charset=utf-8`;
  return version === '1.2' && action !== '' ? `${type}; action="${action}"` : type;
}
