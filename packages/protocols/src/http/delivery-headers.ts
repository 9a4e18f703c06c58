/** The headers every spoke gets (contract section 6). */
import type { SendRequest } from '@nave/adapter-kit';

/** Lower-case names of the headers the hub sets on deliveries; nothing else may set them. */
export const DELIVERY_HEADERS: ReadonlySet<string> = new Set(['idempotency-key', 'x-nave-message-id', 'x-nave-attempt', 'traceparent']);

/** The delivery's headers over the given ones. */
export function withDeliveryHeaders(
  headers: Readonly<Record<string, string>>,
  { deliveryId, messageId, attempt, traceparent }: SendRequest,
): Record<string, string> {
  const own: Record<string, string> = { 'Idempotency-Key': deliveryId, 'X-Nave-Message-Id': messageId, 'X-Nave-Attempt': String(attempt) };
  if (traceparent !== null) own['traceparent'] = traceparent;
  const merged: Record<string, string> = {};
  for (const name of Object.keys(headers)) {
    const lower = name.toLowerCase();
    const isReplaced = lower === 'traceparent' ? traceparent !== null : DELIVERY_HEADERS.has(lower);
    if (!isReplaced) merged[name] = headers[name] ?? '';
  }
  return Object.assign(merged, own);
}
