/** From the bytes of a SOAP call to what is called, with what: the envelope, its headers, and the operation that its body names. */
import { stringifyExact } from '@nave/adapter-kit';
import { HubError } from '@nave/core';
import {
  decodeContract,
  decodeXmlBytes,
  isForReceiver,
  isPlainSecurity,
  mustUnderstand,
  readSoapRequest,
  type SoapRequest,
  type SoapVersion,
  withoutPasswords,
  type XmlElement,
} from '@nave/protocols';
import { type Addressing, isAddressing, readAddressing } from './addressing.ts';
import type { OfferedOperation, OfferedService } from './compile-service.ts';
import { malformed, refusal, type SoapRefusal } from './soap-refusal.ts';

export interface ReadCall extends SoapRequest {
  /** Header blocks that are meant for the hub. */
  own: readonly XmlElement[];
  addressing: Addressing | null;
  /** The bytes to keep: those that came, without passwords. */
  kept: Uint8Array;
}

type Result<Value> = ({ ok: true } & Value) | { ok: false; refusal: SoapRefusal };

/** Envelopes have some dozen nodes; as much as a megabyte of them is worth reading. */
const NODES_MAX = 200_000;

/** SOAP 1.1 is `text/xml`, 1.2 `application/soap+xml`; null for anything else. */
export function versionOf(contentType: string | undefined): SoapVersion | null {
  const essence = (contentType ?? '').split(';', 1)[0]?.trim().toLowerCase();
  if (essence === 'text/xml') return '1.1';
  return essence === 'application/soap+xml' ? '1.2' : null;
}

/** @param version what the content type says; the envelope has to say the same */
export function readCall(bytes: Uint8Array, contentType: string | undefined, version: SoapVersion): Result<{ call: ReadCall }> {
  const decoded = decodeXmlBytes(bytes, contentType);
  if (!decoded.ok) return malformed(`The body has ${decoded.reason}.`);
  const read = readSoapRequest(decoded.text, { nodesMax: NODES_MAX });
  if (!read.ok) {
    const detail = `The body is ${read.reason}.`;
    return read.problem === 'version'
      ? refusal(new HubError('request.media-type', { detail }), { code: 'VersionMismatch' })
      : malformed(detail);
  }
  const { request } = read;
  if (request.version !== version) {
    const detail = `The envelope is SOAP ${request.version}, the Content-Type is that of SOAP ${version}.`;
    return refusal(new HubError('request.media-type', { detail }));
  }
  const kept = withoutPasswords(decoded.text);
  return {
    ok: true,
    call: {
      ...request,
      own: request.headers.filter((header) => isForReceiver(header, version)),
      addressing: readAddressing(request.headers, version),
      kept: kept === decoded.text ? bytes : Buffer.from(kept, 'utf8'),
    },
  };
}

/** @param readsSecurity whether a UsernameToken of the caller is checked: only then its header is understood */
export function checkHeaders({ own, version, addressing }: ReadCall, readsSecurity: boolean): Result<object> {
  const notUnderstood = own.filter(
    (header) => mustUnderstand(header, version) && !isAddressing(header) && !(readsSecurity && isPlainSecurity(header)),
  );
  if (notUnderstood.length > 0) {
    const names = notUnderstood.map(({ local }) => local.slice(0, 100)).slice(0, 10);
    const detail = `A header that must be understood is not: ${names.join(', ')}.`;
    return refusal(new HubError('request.invalid', { detail }), { code: 'MustUnderstand', notUnderstood });
  }
  if (addressing !== null && !addressing.answersHere)
    return refusal(new HubError('request.invalid', { detail: 'Answers go back on the connection: ReplyTo has to be anonymous.' }));
  return { ok: true };
}

/**
 * The operation is that of the body's element. An action is not needed; one that belongs to another operation is refused, for a firewall may have judged by it.
 * @param action `SOAPAction`, or the action of SOAP 1.2; empty without one
 */
export function operationOf(
  { call }: ReadCall,
  action: string,
  { service, operations }: OfferedService,
): Result<{ operation: OfferedOperation }> {
  const operation = call.ns === service.namespace ? operations.get(call.local) : undefined;
  if (operation === undefined) {
    const known = [...operations.keys()].slice(0, 50).join(', ');
    const detail = `The body has to hold an element of the namespace ${service.namespace}: one of ${known}.`;
    return refusal(new HubError('resource.not-found', { detail }));
  }
  if (action !== operation.action && service.operations.some((each) => each.action === action))
    return refusal(new HubError('request.invalid', { detail: `The action is not that of the operation ${operation.name}.` }));
  return { ok: true, operation };
}

/** The JSON of a call, as text with every digit and as data. */
export function dataOf({ call }: ReadCall, operation: OfferedOperation, namespace: string): Result<{ json: string; data: unknown }> {
  const decoded = decodeContract(call, operation.request, namespace);
  if (!decoded.ok) return refusal(new HubError('ingress.schema', { errors: decoded.problems }));
  const json = stringifyExact(decoded.data) ?? '{}';
  const data: unknown = JSON.parse(json);
  const problems = operation.requestProblems(data);
  return problems.length === 0 ? { ok: true, json, data } : refusal(new HubError('ingress.schema', { errors: problems }));
}

/** The action that a request names in its headers: `SOAPAction` (1.1 section 6.1.1), or the parameter of the media type (RFC 3902). */
export function actionOf(version: SoapVersion, headers: Readonly<Record<string, string>>): string {
  if (version === '1.1') return (headers['soapaction'] ?? '').trim().replace(/^"(.*)"$/, '$1');
  const [, quoted, bare] = /;\s*action=(?:"([^"]*)"|([^;\s]+))/i.exec(headers['content-type'] ?? '') ?? [];
  return quoted ?? bare ?? '';
}
