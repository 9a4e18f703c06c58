/** What the data path tells people: metrics, log lines and, for what somebody should look at, the audit. */
import type { ClaimedDelivery, DeliveryRecord, Logger, NewMessage } from '@nave/core';
import type { Registry } from '@nave/pipeline';
import type { Metrics } from '@nave/telemetry';
import type { Refusal } from './http/auth/refusal-audit.ts';
import { logDelivery } from './worker/log-delivery.ts';

export interface ReportingDeps {
  metrics: Metrics;
  /** Notes something for the audit without waiting for it. */
  note: (entry: Refusal) => void;
  registry: Pick<Registry, 'spoke'>;
  logger: Logger;
}

export interface Reporting {
  onAccepted(accepted: { message: NewMessage; duplicate: boolean }): void;
  onFinished(delivery: ClaimedDelivery, record: DeliveryRecord): void;
  /** A repeat with another body. */
  onMismatch(spoke: string, messageId: string): void;
  /** @param spoke null when the caller was refused before it said which */
  onRefused(refusal: { spoke: string | null; reason: string; address: string }): void;
  onBreaker(spoke: string, turned: 'opened' | 'closed', failures: number): void;
}

export function createReporting({ metrics, note, registry, logger }: ReportingDeps): Reporting {
  return {
    onAccepted({ message, duplicate }) {
      metrics.accepted(message.spoke, duplicate);
      logger.debug(
        { messageId: message.id, spoke: message.spoke, type: message.type, deliveries: message.deliveries.length, duplicate },
        'accepted',
      );
    },
    onFinished(delivery, record) {
      if (record.attempt !== null) metrics.delivered(delivery.spoke, record.attempt.outcome, record.attempt.durationMs / 1_000);
      logDelivery(logger, delivery, record);
    },
    onMismatch(spoke, messageId) {
      // A system writes an event differently into a webhook and into a list: of a spoke that has both, that is no news.
      if (Object.keys(registry.spoke(spoke)?.definition.inbound?.polls ?? {}).length > 0) return;
      metrics.mismatch(spoke);
      note({ actor: `sender:${spoke}`, action: 'idempotency.mismatch', subject: `message:${messageId}`, detail: {} });
    },
    onRefused({ spoke, reason, address }) {
      metrics.refused(spoke ?? 'unknown');
      note({
        actor: spoke === null ? `address:${address}` : `sender:${spoke}`,
        action: 'auth.refused',
        subject: spoke === null ? 'hub' : `spoke:${spoke}`,
        detail: { reason, address },
      });
    },
    onBreaker(spoke, turned, failures) {
      if (turned === 'opened') metrics.breakerOpened(spoke);
      const action = turned === 'opened' ? 'breaker.open' : 'breaker.close';
      note({ actor: 'hub', action, subject: `spoke:${spoke}`, detail: { failures } });
    },
  };
}
