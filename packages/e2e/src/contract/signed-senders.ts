/** Senders as their vendors document them: how each signs a webhook, and how the same event comes again. Written from the vendors' pages, not from the hub. */
import { createHmac } from 'node:crypto';

export interface Webhook {
  headers: Record<string, string>;
  body: string;
}

export interface SignedSender {
  name: string;
  /** `inbound.verify` of the spoke. */
  verify: Record<string, unknown>;
  /** The webhook of an event as it is sent at a moment (seconds since the epoch). Each call signs anew. */
  send(event: string, atSeconds: number, url: string): Webhook;
  /** Type that the message gets without an expression of the spoke. */
  type: string;
  /** True where the signature ends with time. */
  expires: boolean;
}

const SECRET = 'a-shared-secret-of-the-sender';
const WHSEC = `whsec_${Buffer.from('0123456789abcdef0123456789abcdef').toString('base64')}`;
const JSON_TYPE = { 'content-type': 'application/json' };
const mac = (hash: string, key: string | Buffer, text: string, encoding: 'hex' | 'base64') =>
  createHmac(hash, key).update(text).digest(encoding);

export const SIGNED_SENDERS: readonly SignedSender[] = [
  {
    name: 'standard-webhooks',
    verify: { scheme: 'standard-webhooks', secret: WHSEC },
    type: 'order.created',
    expires: true,
    send(event, at) {
      const body = JSON.stringify({ type: 'order.created', data: { event } });
      return { body, headers: { ...JSON_TYPE, ...standard('webhook', event, at, body) } };
    },
  },
  {
    name: 'standard-webhooks under its svix names',
    verify: { scheme: 'standard-webhooks', secret: WHSEC },
    type: 'order.created',
    expires: true,
    send(event, at) {
      const body = JSON.stringify({ type: 'order.created', data: { event } });
      return { body, headers: { ...JSON_TYPE, ...standard('svix', event, at, body) } };
    },
  },
  {
    name: 'stripe',
    verify: { scheme: 'stripe', secret: SECRET },
    type: 'payment_intent.succeeded',
    expires: true,
    send(event, at) {
      const body = JSON.stringify({
        id: `evt_${event}`,
        object: 'event',
        type: 'payment_intent.succeeded',
        data: { object: { amount: 1 } },
      });
      return { body, headers: { ...JSON_TYPE, 'stripe-signature': `t=${at},v1=${mac('sha256', SECRET, `${at}.${body}`, 'hex')}` } };
    },
  },
  {
    name: 'slack',
    verify: { scheme: 'slack', secret: SECRET },
    type: 'app_mention',
    expires: true,
    send(event, at) {
      const body = JSON.stringify({ type: 'event_callback', event_id: `Ev${event}`, event: { type: 'app_mention' } });
      const signature = `v0=${mac('sha256', SECRET, `v0:${at}:${body}`, 'hex')}`;
      return { body, headers: { ...JSON_TYPE, 'x-slack-request-timestamp': String(at), 'x-slack-signature': signature } };
    },
  },
  {
    name: 'github',
    verify: { scheme: 'github', secret: SECRET },
    type: 'push',
    expires: false,
    send(event) {
      const body = JSON.stringify({ ref: 'refs/heads/main', event });
      const signature = `sha256=${mac('sha256', SECRET, body, 'hex')}`;
      return { body, headers: { ...JSON_TYPE, 'x-github-event': 'push', 'x-github-delivery': event, 'x-hub-signature-256': signature } };
    },
  },
  {
    name: 'shopify',
    verify: { scheme: 'shopify', secret: SECRET },
    type: 'orders/create',
    expires: false,
    send(event) {
      const body = JSON.stringify({ id: 1, event });
      const signature = mac('sha256', SECRET, body, 'base64');
      return {
        body,
        headers: { ...JSON_TYPE, 'x-shopify-topic': 'orders/create', 'x-shopify-webhook-id': event, 'x-shopify-hmac-sha256': signature },
      };
    },
  },
  {
    name: 'woocommerce',
    verify: { scheme: 'woocommerce', secret: SECRET },
    type: 'order.created',
    expires: false,
    send(event) {
      const body = JSON.stringify({ id: 1, event });
      const signature = mac('sha256', SECRET, body, 'base64');
      const headers = { 'x-wc-webhook-topic': 'order.created', 'x-wc-webhook-delivery-id': event, 'x-wc-webhook-signature': signature };
      return { body, headers: { ...JSON_TYPE, ...headers } };
    },
  },
  {
    name: 'twilio',
    verify: { scheme: 'twilio', secret: SECRET },
    type: 'message',
    expires: false,
    send(event, _at, url) {
      const fields: Record<string, string> = { Body: 'Ahoj', From: '+420123456789', MessageSid: `SM${event}` };
      const signed = Object.keys(fields)
        .sort()
        .map((name) => name + fields[name]);
      const headers = {
        'content-type': 'application/x-www-form-urlencoded',
        'x-twilio-signature': mac('sha1', SECRET, url + signed.join(''), 'base64'),
      };
      return { body: new URLSearchParams(fields).toString(), headers };
    },
  },
  {
    name: 'hmac',
    verify: {
      scheme: 'hmac',
      secret: SECRET,
      header: 'x-sig',
      prefix: 'v1=',
      signed: '{timestamp}.{body}',
      timestampHeader: 'x-time',
      idHeader: 'x-event-id',
      typeHeader: 'x-event',
    },
    type: 'thing.done',
    expires: true,
    send(event, at) {
      const body = JSON.stringify({ event });
      const headers = {
        'x-time': String(at),
        'x-sig': `v1=${mac('sha256', SECRET, `${at}.${body}`, 'hex')}`,
        'x-event-id': event,
        'x-event': 'thing.done',
      };
      return { body, headers: { ...JSON_TYPE, ...headers } };
    },
  },
  {
    name: 'hubspot-v3',
    verify: { scheme: 'hubspot-v3', secret: SECRET },
    type: 'message',
    expires: true,
    send(event, at, url) {
      const body = JSON.stringify([{ eventId: event }]);
      const time = String(at * 1_000);
      const signature = mac('sha256', SECRET, `POST${url}${body}${time}`, 'base64');
      return { body, headers: { ...JSON_TYPE, 'x-hubspot-request-timestamp': time, 'x-hubspot-signature-v3': signature } };
    },
  },
];

/** Schemes that prove who calls and not what is said: their callers may name a key themselves. */
export const CALLER_SENDERS: readonly {
  name: string;
  verify: Record<string, unknown>;
  headers: Record<string, string>;
  wrong: Record<string, string>;
}[] = [
  { name: 'none', verify: { scheme: 'none' }, headers: {}, wrong: {} },
  { name: 'api-key', verify: { scheme: 'api-key', secret: SECRET }, headers: { 'x-api-key': SECRET }, wrong: { 'x-api-key': 'wrong' } },
  {
    name: 'basic',
    verify: { scheme: 'basic', secret: SECRET, username: 'erp' },
    headers: { authorization: `Basic ${Buffer.from(`erp:${SECRET}`).toString('base64')}` },
    wrong: { authorization: `Basic ${Buffer.from('erp:wrong').toString('base64')}` },
  },
  {
    name: 'jwt',
    verify: { scheme: 'jwt', secret: SECRET.repeat(2), audience: 'nave' },
    headers: { authorization: `Bearer ${token('nave')}` },
    wrong: { authorization: `Bearer ${token('elsewhere')}` },
  },
];

function standard(family: 'webhook' | 'svix', id: string, at: number, body: string): Record<string, string> {
  const key = Buffer.from(WHSEC.slice('whsec_'.length), 'base64');
  const signature = `v1,${mac('sha256', key, `${id}.${at}.${body}`, 'base64')}`;
  return { [`${family}-id`]: id, [`${family}-timestamp`]: String(at), [`${family}-signature`]: signature };
}

/** RFC 7515 compact form, HS256. */
function token(audience: string): string {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const signed = `${part({ alg: 'HS256', typ: 'JWT' })}.${part({ aud: audience, exp: 4_102_444_800 })}`;
  return `${signed}.${createHmac('sha256', SECRET.repeat(2)).update(signed).digest('base64url')}`;
}
