/** Webhooks of the simulated Stripe, signed as docs.stripe.com/webhooks says. */
import { createHmac } from 'node:crypto';

export interface WebhookEndpoint {
  url: string;
  /** `whsec_...`, used as it is. */
  secret: string;
}

/** `Stripe-Signature` over exact bytes. @param seconds since the epoch */
export function signWebhook(body: string, secret: string, seconds: number): string {
  const signature = createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex');
  // A scheme of test events stands beside the one that counts.
  return `t=${seconds},v1=${signature},v0=${'0'.repeat(64)}`;
}

/** One try; the status, or null when nobody answered. */
export async function sendWebhook(endpoint: WebhookEndpoint, event: unknown, seconds: number): Promise<number | null> {
  // As Stripe prints it: indented, which a listed event is not.
  const body = JSON.stringify(event, null, 2);
  const headers = { 'Content-Type': 'application/json; charset=utf-8', 'Stripe-Signature': signWebhook(body, endpoint.secret, seconds) };
  try {
    const answer = await fetch(endpoint.url, { method: 'POST', headers, body, redirect: 'manual', signal: AbortSignal.timeout(10_000) });
    await answer.body?.cancel();
    return answer.status;
  } catch {
    return null;
  }
}
