/** What a schema cannot say about a `webhook` spoke. */
import { joinPointer } from '@nave/adapter-kit';
import type { FieldProblem } from '@nave/core';
import {
  DELIVERY_HEADERS,
  headerNameProblem,
  headerValueProblem,
  httpCredentialProblems,
  httpTlsProblems,
  parseHttpTarget,
} from '@nave/protocols';
import { standardWebhooksKey } from '@nave/security';
import type { WebhookConfig, WebhookCredentials } from './config.ts';

const SIGNING_HEADERS: ReadonlySet<string> = new Set(['webhook-id', 'webhook-timestamp', 'webhook-signature']);

/** All problems, with pointers below the spoke. */
export function validateWebhook({ url, headers = {}, tls }: WebhookConfig, credentials: WebhookCredentials): FieldProblem[] {
  const problems: FieldProblem[] = [...httpTlsProblems(tls, url, '/config/tls')];
  const target = parseHttpTarget(url);
  if (!target.ok) problems.push({ path: '/config/url', message: `expected an http or https URL: ${target.reason}` });
  for (const [name, value] of Object.entries(headers)) {
    const lower = name.toLowerCase();
    const own = DELIVERY_HEADERS.has(lower) || SIGNING_HEADERS.has(lower) ? 'this header is set by the hub itself' : null;
    const problem = headerNameProblem(name) ?? own ?? headerValueProblem(value);
    if (problem !== null) problems.push({ path: joinPointer('/config/headers', name), message: problem });
  }
  if (credentials.type !== 'standard-webhooks') return [...problems, ...httpCredentialProblems(credentials)];
  const message = 'expected whsec_ and a key in base64';
  if (standardWebhooksKey(credentials.secret) === null) problems.push({ path: '/credentials/secret', message });
  for (const [index, secret] of (credentials.previousSecrets ?? []).entries()) {
    if (standardWebhooksKey(secret) === null) problems.push({ path: `/credentials/previousSecrets/${index}`, message });
  }
  return problems;
}
