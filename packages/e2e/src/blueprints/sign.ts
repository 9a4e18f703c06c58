/** How the senders of the blueprints sign, written from their documents and not from the hub. */
import { createHmac } from 'node:crypto';

export interface Signed {
  headers: Record<string, string>;
  body: string;
}

const nowSeconds = () => Math.floor(Date.now() / 1_000);

/** standardwebhooks.com: HMAC-SHA256 over `{id}.{seconds}.{body}` in base64. */
export function signStandardWebhook(secret: string, id: string, event: unknown): Signed {
  const [body, seconds] = [JSON.stringify(event), nowSeconds()];
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  const signature = createHmac('sha256', key).update(`${id}.${seconds}.${body}`).digest('base64');
  return { headers: { 'webhook-id': id, 'webhook-timestamp': String(seconds), 'webhook-signature': `v1,${signature}` }, body };
}

/** `sha256=<hex HMAC-SHA256 of "{seconds}.{body}">` in a header of the sender's own. @param headers names of those with signature and time */
export function signHmac(secret: string, headers: { signature: string; timestamp: string }, event: unknown): Signed {
  const [body, seconds] = [JSON.stringify(event), nowSeconds()];
  const signature = createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex');
  return { headers: { [headers.signature]: `sha256=${signature}`, [headers.timestamp]: String(seconds) }, body };
}
