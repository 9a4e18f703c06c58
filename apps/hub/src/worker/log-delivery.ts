/** The line a delivery leaves in the log. */
import type { ClaimedDelivery, DeliveryRecord, Logger } from '@nave/core';

/** One wide line per delivery; what went well is for debugging only. */
export function logDelivery(logger: Logger, delivery: ClaimedDelivery, record: DeliveryRecord): void {
  const { attempt } = record;
  const fields = {
    messageId: delivery.messageId,
    deliveryId: delivery.id,
    spoke: delivery.spoke,
    operation: delivery.operation,
    route: delivery.route,
    state: record.state,
    attempt: attempt?.number ?? null,
    outcome: attempt?.outcome ?? null,
    status: attempt?.status ?? null,
    durationMs: attempt?.durationMs ?? null,
  };
  if (record.state === 'succeeded' || attempt === null) logger.debug(fields, 'delivered');
  else if (record.state === 'unknown' && record.delayMs !== null)
    logger.info(fields, 'delivery has an unknown outcome and will be looked up');
  else if (record.state === 'dead' || record.state === 'unknown') logger.warn(fields, 'delivery needs a person');
  else logger.info(fields, 'delivery will be tried again');
}
