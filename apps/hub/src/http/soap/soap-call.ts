/** One SOAP call: verified, read, stored, answered. The same door as that of hooks, with an envelope around it. */
import { type AcceptedVerdict, HubError, isHubError, messageOf, type RawRequest } from '@nave/core';
import { type Accepter, type CompiledInbound, type CompiledSpoke, expressionScope, type Registry, refusalOf } from '@nave/pipeline';
import { ACKNOWLEDGEMENT, encodeContract, readUsernameToken, type SoapVersion, type XmlElement } from '@nave/protocols';
import type { CallRoute, RouteCaller } from '../../reply/call-route.ts';
import { inTime } from '../ingress/door.ts';
import type { Addressing } from './addressing.ts';
import type { OfferedOperation, OfferedService } from './compile-service.ts';
import { encodeReply } from './encode-reply.ts';
import { actionOf, checkHeaders, dataOf, operationOf, type ReadCall, readCall } from './read-call.ts';
import type { SoapRefusal } from './soap-refusal.ts';

export interface SoapCallDeps {
  accepter: Pick<Accepter, 'hook'>;
  calls: RouteCaller;
  registry: Pick<Registry, 'routesFor' | 'refresh'>;
  now: () => number;
}

export interface SoapCall {
  spoke: CompiledSpoke;
  inbound: CompiledInbound;
  offer: OfferedService;
  version: SoapVersion;
  /** With the exact bytes: what is verified. */
  request: RawRequest;
  /** Asked once the caller is known. */
  admit: (() => Promise<void>) | null;
  hangup: AbortSignal;
  /** Told as soon as it is known, for the fault of whatever goes wrong after that. */
  onAddressing: (addressing: Addressing | null) => void;
}

export type SoapEnd =
  | { ok: true; messageId: string | null; duplicate: boolean; action: string; content: XmlElement | null }
  | { ok: false; refusal: SoapRefusal };

/** The exact envelope, in base64, beside the JSON that was made of it; passwords are taken out. */
const ENVELOPE_HEADER = 'x-nave-soap-envelope';
const TOKEN_SCHEME = 'ws-username-token';

/** @throws HubError as `Accepter.hook`, as `RouteCaller.callRoute`, and what `admit` throws */
export async function takeSoapCall(deps: SoapCallDeps, soap: SoapCall): Promise<SoapEnd> {
  const { inbound, version, request, offer } = soap;
  const contentType = request.headers['content-type'];
  const readsSecurity = inbound.definition.verify.some(({ scheme }) => scheme === TOKEN_SCHEME);
  // Only where the caller is named in the envelope it is read before the caller is known.
  const early = readsSecurity ? readCall(request.body, contentType, version) : null;
  const token = early?.ok ? readUsernameToken(early.call.own) : null;
  const verdict = await inbound.verify({ ...request, usernameToken: token ?? undefined });
  if (!verdict.ok) throw refusalOf(verdict);
  if (soap.admit !== null) await soap.admit();
  const read = early ?? readCall(request.body, contentType, version);
  if (!read.ok) return read;
  const { call } = read;
  soap.onAddressing(call.addressing);
  const headers = checkHeaders(call, readsSecurity);
  if (!headers.ok) return headers;
  const called = operationOf(call, actionOf(version, request.headers), offer);
  if (!called.ok) return called;
  const content = dataOf(call, called.operation, offer.service.namespace);
  if (!content.ok) return content;
  return store(deps, soap, { call, operation: called.operation, json: content.json, data: content.data }, verdict);
}

interface Understood {
  call: ReadCall;
  operation: OfferedOperation;
  json: string;
  data: unknown;
}

async function store(deps: SoapCallDeps, soap: SoapCall, understood: Understood, given: AcceptedVerdict): Promise<SoapEnd> {
  const { spoke, inbound, hangup, offer } = soap;
  const { operation, data, call } = understood;
  const { namespace } = offer.service;
  const request = asJson(soap.request, understood);
  const type = await typeOf(deps, soap, operation.name, data, request);
  const messageId = call.addressing?.messageId ?? null;
  const { handshake: _none, ...known } = given;
  const verdict: AcceptedVerdict = {
    ...known,
    eventType: type,
    ...(messageId === null || known.signedId !== undefined ? {} : { signedId: messageId }),
  };
  // The type is found: evaluated once, so that it is stored as the type its route was found by.
  const settled: CompiledInbound = { ...inbound, type: null, verify: async () => verdict };
  const action = `${operation.action}Response`;
  if (operation.answer !== null) {
    const route = await replyRoute(deps, spoke.definition.name, type);
    if (route === null)
      throw new HubError('reply.held', {
        detail: `No enabled reply route answers ${operation.name} at the moment; nothing was stored`,
        retryAfterSeconds: 30,
      });
    const end = await deps.calls.callRoute({ route, spoke, inbound: settled, request, verdict, path: '', type, hangup });
    if (end.kind === 'problem')
      return { ok: false, refusal: { error: end.error, messageId: end.messageId, code: null, notUnderstood: [], answer: null } };
    const encoded = encodeReply(operation, end.reply, end.messageId, namespace);
    return encoded.ok ? { ok: true, messageId: end.messageId, duplicate: end.duplicate, action, content: encoded.content } : encoded;
  }
  const accepted = await inTime(deps.accepter.hook(spoke, settled, request, null));
  if (!('messageId' in accepted)) throw new HubError('hub.internal');
  const { duplicate } = accepted;
  if (operation.response === null) return { ok: true, messageId: accepted.messageId, duplicate, action, content: null };
  const encoded = encodeContract(`${operation.name}Response`, ACKNOWLEDGEMENT.record, accepted, namespace);
  if (!encoded.ok) throw new HubError('hub.internal', { cause: new Error(encoded.reason) });
  return { ok: true, messageId: accepted.messageId, duplicate, action, content: encoded.element };
}

/** What routes, mappings and idempotency see of a call: its JSON. */
function asJson(request: RawRequest, { call, json }: Understood): RawRequest {
  const { 'content-length': _length, 'content-encoding': _encoding, ...headers } = request.headers;
  const envelope = Buffer.from(call.kept.buffer, call.kept.byteOffset, call.kept.byteLength).toString('base64');
  return {
    ...request,
    headers: { ...headers, 'content-type': 'application/json', [ENVELOPE_HEADER]: envelope },
    body: Buffer.from(json, 'utf8'),
  };
}

/** The spoke's own expression, else the operation's name. @throws HubError `request.invalid` when the expression fails on this call */
async function typeOf(
  { now }: SoapCallDeps,
  { spoke, inbound }: SoapCall,
  operation: string,
  data: unknown,
  request: RawRequest,
): Promise<string> {
  if (inbound.type === null) return operation;
  const { headers, query, method } = request;
  try {
    const value = await inbound.type.evaluate(
      data,
      expressionScope(spoke.definition.name, now(), { bindings: { headers, query, method } }),
    );
    return (typeof value === 'string' && value !== '') || typeof value === 'number' ? String(value) : operation;
  } catch (error) {
    if (!isHubError(error)) throw error;
    throw new HubError('request.invalid', {
      detail: `The spoke's inbound expression "type" failed on this call: ${messageOf(error)}`,
      cause: error,
    });
  }
}

/** The first reply route that takes the type. What another hub was just told is looked for once. */
async function replyRoute({ registry, calls }: SoapCallDeps, spoke: string, type: string): Promise<CallRoute | null> {
  const find = () => {
    const route = registry.routesFor(spoke, type).find(({ call }) => call !== undefined);
    return route === undefined ? null : calls.routeOf(route.definition.name);
  };
  const found = find();
  if (found !== null) return found;
  await registry.refresh();
  return find();
}
