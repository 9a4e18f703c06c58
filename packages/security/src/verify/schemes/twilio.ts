/** Twilio: `X-Twilio-Signature`, base64 HMAC-SHA1 over the URL and the sorted form (twilio.com/docs/usage/security, "Validating requests"). */
import { createHash, createHmac } from 'node:crypto';
import type { RawRequest, Verdict } from '@nave/core';
import { constantTimeEqual } from '../../keys/constant-time.ts';
import { requestHeader } from '../request-header.ts';
import { refuse, type SchemeDefinition } from '../scheme-definition.ts';
import { createSecretRing, utf8Key } from '../secret-ring.ts';

/** Twilio sends some thirty; sorting is paid before anybody is authenticated. */
const PARAMETERS_MAX = 1_000;
const URL_PARTS = /^(https?):\/\/([^/?#]*)(.*)$/is;
const ID_FIELDS = ['MessageSid', 'CallSid'] as const;

/** Two ways to cover the body: form posts sign their sorted parameters, other bodies put `bodySHA256` into the signed URL. */
export const twilio: SchemeDefinition = {
  name: 'twilio',
  title: 'Twilio',
  summary: 'X-Twilio-Signature with the auth token of the account; needs the public URL to be right.',
  options: { type: 'object', properties: {}, additionalProperties: false },
  secretRequired: true,
  proves: 'content',
  compile: (scheme, { clock }) => {
    const ring = createSecretRing(scheme.secrets, utf8Key);
    return (request): Verdict => {
      const header = requestHeader(request, 'x-twilio-signature');
      if (header === undefined) return refuse('X-Twilio-Signature is missing');
      const covered = coveredBody(request);
      if (typeof covered === 'string') return refuse(covered);
      const suffix = covered.form ? signedForm(covered.form) : '';
      const urls = [...urlForms(request.publicUrl)];
      const matches = ring.first(clock.now(), (key) => {
        const expected = urls.map((url) => createHmac('sha1', key).update(url).update(suffix).digest('base64'));
        return expected.some((signature) => constantTimeEqual(signature, header)) || undefined;
      });
      if (!matches) return refuse('the signature does not match');
      if (!covered.form) return { ok: true, signedId: { bodyField: ID_FIELDS } };
      const signedId = ID_FIELDS.map((field) => covered.form?.get(field)?.[0]).find((value) => value !== undefined && value !== '');
      return signedId === undefined ? { ok: true } : { ok: true, signedId };
    };
  },
  sensitiveHeaders: () => ['x-twilio-signature'],
};

/** How the signature covers the body, or why it does not: an uncovered body could be anything. */
function coveredBody(request: RawRequest): { form?: Map<string, string[]> } | string {
  const bodyHash = Object.hasOwn(request.query, 'bodySHA256') ? request.query['bodySHA256'] : undefined;
  if (bodyHash !== undefined) {
    const actual = createHash('sha256').update(request.body).digest('hex');
    return constantTimeEqual(actual, bodyHash.toLowerCase()) ? {} : 'the body does not match bodySHA256';
  }
  if (request.body.length === 0) return {};
  const contentType = requestHeader(request, 'content-type')?.split(';', 1)[0]?.trim().toLowerCase();
  if (contentType !== 'application/x-www-form-urlencoded') return 'the body is neither a form nor covered by bodySHA256';
  return parseForm(request.body);
}

function parseForm(body: Uint8Array): { form: Map<string, string[]> } | string {
  const text = Buffer.from(body).toString('utf8');
  if (text.split('&', PARAMETERS_MAX + 1).length > PARAMETERS_MAX) return 'the form has too many parameters';
  const form = new Map<string, string[]>();
  for (const [name, value] of new URLSearchParams(text)) {
    const values = form.get(name);
    if (values) values.push(value);
    else form.set(name, [value]);
  }
  return { form };
}

/** Names sorted by code unit, each followed by its values; repeated values count once and are sorted (as in twilio-node). */
function signedForm(form: ReadonlyMap<string, readonly string[]>): string {
  const names = [...form.keys()].sort();
  return names
    .map((name) =>
      [...new Set(form.get(name))]
        .sort()
        .map((value) => name + value)
        .join(''),
    )
    .join('');
}

/** Twilio is inconsistent about the port: as received, without any, and with the default one; each also as a URL parser writes it. */
function urlForms(url: string): Set<string> {
  const forms = new Set([url]);
  const [, scheme = '', authority = '', rest = ''] = URL_PARTS.exec(url) ?? [];
  if (authority !== '') {
    const bare = authority.replace(/:\d+$/, '');
    const port = scheme.toLowerCase() === 'https' ? '443' : '80';
    forms.add(`${scheme}://${bare}${rest}`);
    if (bare === authority) forms.add(`${scheme}://${bare}:${port}${rest}`);
  }
  for (const form of [...forms]) {
    const parsed = URL.parse(form);
    if (parsed) forms.add(parsed.href);
  }
  return forms;
}
