/** The SOAP headers of a request: mapped or static ones, a header with secrets, WS-Security. */
import { randomBytes } from 'node:crypto';
import type { SendRequest } from '@nave/adapter-kit';
import type { CompiledExpression, ExpressionEngine, ExpressionScope } from '@nave/core';
import {
  encodeHeader,
  envelopeNs,
  escapeText,
  type MessageContext,
  securityHeader,
  timestamp,
  usernameToken,
  type XmlElement,
} from '@nave/protocols';
import type { SoapHeaders as ConfiguredHeaders } from './config.ts';
import type { SoapCredentials, WsSecurityCredentials } from './credentials.ts';

export type CompiledHeaders = readonly { name: string; content: CompiledExpression | { value: unknown } }[];
export type BuiltHeaders =
  | { ok: true; headers: readonly XmlElement[] /** What an excerpt must hide beside the credentials. */; redact: readonly string[] }
  | { ok: false; reason: string };

/** @throws HubError `expression.compile` */
export function compileHeaders(expressions: ExpressionEngine, ...sets: readonly (ConfiguredHeaders | undefined)[]): CompiledHeaders {
  // An operation's header takes the place of the spoke's one of the same name.
  const merged = new Map(sets.flatMap((set) => Object.entries(set ?? {})));
  return [...merged].map(([name, content]) => ({ name, content: typeof content === 'string' ? expressions.compile(content) : content }));
}

/** @throws HubError `expression.evaluate` */
export async function buildHeaders(
  compiled: CompiledHeaders,
  credentials: SoapCredentials,
  message: MessageContext,
  { input }: SendRequest,
  scope: ExpressionScope,
  nowMs: number,
): Promise<BuiltHeaders> {
  const headers: XmlElement[] = [];
  const redact: string[] = [];
  if (credentials.type === 'ws-security') {
    const tokens = securityTokens(credentials, nowMs, redact);
    headers.push(securityHeader(envelopeNs(message.version), tokens, credentials.actor));
  }
  if (credentials.type === 'soap-header') {
    const { name, fields = {}, secrets } = credentials;
    redact.push(...Object.values(secrets).flatMap((secret) => [secret, escapeText(secret)]));
    const built = encodeHeader(message, name, { ...fields, ...secrets });
    if (!built.ok) return built;
    headers.push(built.header);
  }
  for (const { name, content } of compiled) {
    const value = 'value' in content ? content.value : await content.evaluate(input.data, scope);
    if (value === undefined) continue;
    const built = encodeHeader(message, name, value);
    if (!built.ok) return built;
    headers.push(built.header);
  }
  return { ok: true, headers, redact };
}

function securityTokens(credentials: WsSecurityCredentials, nowMs: number, redact: string[]): XmlElement[] {
  const { username, password, passwordType = 'text', timestampSeconds = 300 } = credentials;
  const tokens = credentials.timestamp === false ? [] : [timestamp(nowMs, timestampSeconds * 1_000)];
  if (username === undefined || password === undefined) return tokens;
  const type = passwordType === 'digest' ? 'PasswordDigest' : 'PasswordText';
  const token = usernameToken({ username, password, passwordType: type, nowMs, nonce: randomBytes(16) });
  // A digest lets passwords be guessed at leisure.
  redact.push(password, escapeText(password), ...token.children.flatMap(textOfPassword));
  return [...tokens, token];
}

function textOfPassword(child: XmlElement['children'][number]): string[] {
  if (typeof child === 'string' || !('local' in child) || child.local !== 'Password') return [];
  return child.children.filter((each) => typeof each === 'string');
}
