/** Commands that send a webhook as a scheme wants it, to be tried in a shell. The secret is a variable: it is not written into histories by us. */
import { ownValue } from '../../parts/schema-form/schema-shape.ts';

export interface CurlExample {
  lines: readonly string[];
  /** The secret has to be filled in. */
  secret: boolean;
}

const SAMPLE_BODY = '{"type":"test","number":"T-1"}';

/**
 * Null for schemes whose signature cannot be made in a few lines: their provider sends a test itself.
 * @param verify a scheme as reads answer it
 */
export function curlExample(url: string, verify: unknown): CurlExample | null {
  const scheme = textOf(verify, 'scheme');
  const head = `curl -i ${quoted(url)} -H 'content-type: application/json' \\`;
  const data = '  -d "$body"';
  const body = `body=${quoted(SAMPLE_BODY)}`;
  const secret = "secret='…'";
  const signed = (what: string, how: 'hex' | 'base64', hash = 'sha256') =>
    `signature=$(printf %s "${what}" | openssl dgst -${hash} -hmac "$secret" ${how === 'hex' ? "-hex | sed 's/^.* //'" : '-binary | base64 -w0'})`;
  const time = 'time=$(date +%s)';
  const send = (before: readonly string[], ...headers: string[]): CurlExample => ({
    lines: [secret, body, ...before, head, ...headers.map((header) => `  -H "${header}" \\`), data],
    secret: true,
  });
  switch (scheme) {
    case 'none':
    case 'ip-allow':
      return { lines: [body, head, data], secret: false };
    case 'api-key': {
      const query = textOf(verify, 'query');
      const header = textOf(verify, 'header') ?? 'X-API-Key';
      if (query !== null)
        return {
          lines: [secret, body, `curl -i "${url}?${encodeURIComponent(query)}=$secret" -H 'content-type: application/json' \\`, data],
          secret: true,
        };
      return send([], `${header}: ${textOf(verify, 'prefix') ?? ''}$secret`);
    }
    case 'basic': {
      const user = textOf(verify, 'username');
      const login = user === null ? '"$secret"' : `"${user}:$secret"`;
      return { lines: [secret, body, `${head.slice(0, -1)}-u ${login} \\`, data], secret: true };
    }
    case 'jwt':
      return { lines: ["token='…'", body, head, '  -H "authorization: Bearer $token" \\', data], secret: true };
    case 'standard-webhooks':
      return send(
        [
          'id=msg_$(date +%s%N)',
          time,
          'key=$(printf %s "$secret" | sed s/^whsec_// | base64 -d | od -An -v -tx1 | tr -d " \\n")',
          'signature=$(printf %s "$id.$time.$body" | openssl dgst -sha256 -mac HMAC -macopt "hexkey:$key" -binary | base64 -w0)',
        ],
        'webhook-id: $id',
        'webhook-timestamp: $time',
        'webhook-signature: v1,$signature',
      );
    case 'github':
      return send(
        [signed('$body', 'hex')],
        'x-hub-signature-256: sha256=$signature',
        'x-github-event: test',
        'x-github-delivery: $(date +%s%N)',
      );
    case 'stripe':
      return send([time, signed('$time.$body', 'hex')], 'stripe-signature: t=$time,v1=$signature');
    case 'shopify':
      return send(
        [signed('$body', 'base64')],
        'x-shopify-hmac-sha256: $signature',
        'x-shopify-topic: test',
        'x-shopify-webhook-id: $(date +%s%N)',
      );
    case 'woocommerce':
      return send(
        [signed('$body', 'base64')],
        'x-wc-webhook-signature: $signature',
        'x-wc-webhook-topic: test',
        'x-wc-webhook-delivery-id: $(date +%s%N)',
      );
    case 'slack':
      return send([time, signed('v0:$time:$body', 'hex')], 'x-slack-request-timestamp: $time', 'x-slack-signature: v0=$signature');
    case 'hubspot-v3':
      return send(
        ['time=$(date +%s%3N)', `url=${quoted(url)}`, signed('POST$url$body$time', 'base64')],
        'x-hubspot-request-timestamp: $time',
        'x-hubspot-signature-v3: $signature',
      );
    case 'hmac':
      return hmac(verify, send, signed);
    case 'mtls':
      return { lines: [body, `${head.slice(0, -1)}--cert client.pem --key client.key \\`, data], secret: false };
    default:
      return null;
  }
}

function hmac(
  verify: unknown,
  send: (before: readonly string[], ...headers: string[]) => CurlExample,
  signed: (what: string, how: 'hex' | 'base64', hash?: string) => string,
): CurlExample | null {
  const encoding = textOf(verify, 'encoding') ?? 'hex';
  const template = textOf(verify, 'signed') ?? '{body}';
  const unit = textOf(verify, 'timestampUnit') ?? 's';
  const timestamp = textOf(verify, 'timestampHeader');
  const what = template.replaceAll('{timestamp}', '$time').replaceAll('{body}', '$body').replaceAll('{method}', 'POST');
  if (what.includes('{') || encoding === 'base64url' || (textOf(verify, 'secretEncoding') ?? 'utf8') !== 'utf8') return null;
  const time = unit === 'ms' ? 'time=$(date +%s%3N)' : unit === 'rfc3339' ? 'time=$(date -u +%Y-%m-%dT%H:%M:%SZ)' : 'time=$(date +%s)';
  const { id, type } = { id: textOf(verify, 'idHeader'), type: textOf(verify, 'typeHeader') };
  return send(
    [
      ...(timestamp === null ? [] : [time]),
      signed(what, encoding === 'base64' ? 'base64' : 'hex', textOf(verify, 'algorithm') ?? 'sha256'),
    ],
    ...(timestamp === null ? [] : [`${timestamp}: $time`]),
    ...(id === null ? [] : [`${id}: $(date +%s%N)`]),
    ...(type === null ? [] : [`${type}: test`]),
    `${textOf(verify, 'header') ?? 'X-Signature'}: ${textOf(verify, 'prefix') ?? ''}$signature`,
  );
}

function textOf(value: unknown, name: string): string | null {
  const field = ownValue(value, name);
  return typeof field === 'string' && field !== '' ? field : null;
}

/** For a shell: nothing inside is looked at. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
