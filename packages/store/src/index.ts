export type { AlertFact, AlertQuestion } from './alerts/alert-fact.ts';
export { alertFacts } from './alerts/alert-facts.ts';
export { type AlertFilter, type AlertStore, createAlertStore, type NewAlert, type StoredAlert } from './alerts/alert-store.ts';
export { type AuditEntry, auditRow } from './audit/audit-entry.ts';
export { type AuditFilter, type AuditItem, listAudit } from './audit/audit-log.ts';
export { type AuditSealer, createAuditSealer } from './audit/audit-sealer.ts';
export type { CheckpointSigner } from './audit/chain.ts';
export { type SealResult, sealOnce } from './audit/seal.ts';
export { type AuditHead, type AuditVerdict, type VerifyOptions, verifyAudit } from './audit/verify.ts';
export { writeAudit } from './audit/write-audit.ts';
export { type ConfigChanges, createConfigChanges } from './config/config-changes.ts';
export type { ConfigTransaction } from './config/config-transaction.ts';
export { bumpConfigVersion, CONFIG_CHANNEL, readConfigVersion } from './config/config-version.ts';
export { createKeyRepository, type KeyRepository, type StoredKey } from './config/key-repository.ts';
export type { OpenScope } from './config/open-deliveries.ts';
export { createRouteRepository, type RouteRepository } from './config/route-repository.ts';
export { createSessionRepository, type NewSession, type SessionRepository } from './config/session-repository.ts';
export { createSpokeRepository, type OpenedSpoke, type SpokeRepository } from './config/spoke-repository.ts';
export { openSpokeSecrets, sealSpokeSecrets } from './config/spoke-secrets.ts';
export { type AlertRuleRepository, createAlertRuleRepository, type StoredAlertRule } from './config/stored-alert-rule.ts';
export type { RouteWrite, StoredRoute, StoredRouteVersion } from './config/stored-route.ts';
export type { SpokeSpec, SpokeWrite, StoredSpoke } from './config/stored-spoke.ts';
export { type Database, type DatabaseOptions, isDatabaseUnavailable, openDatabase, storeError } from './database.ts';
export { type EmbeddedPostgres, startEmbeddedPostgres } from './embedded/embedded-postgres.ts';
export { type ProcessLock, takeProcessLock } from './embedded/process-lock.ts';
export { createFlowStore } from './flow/flow-store.ts';
export { type KeptBack, keptBack } from './flow/kept-back-figures.ts';
export { createSlotStore, type SlotAnswer, type SlotGrant, type SlotRequest, type SlotStore } from './flow/slots.ts';
export { guarded } from './guarded.ts';
export { type ClockMenderOptions, createClockMender } from './hot/mend-clock.ts';
export { createMessageStore } from './hot/message-store.ts';
export { abandonLeases } from './hot/sweep.ts';
export { FAILURE_STATES, type FailureFilter } from './issues/failure-filter.ts';
export { createFailureSorter, type FailureSorter } from './issues/failure-sorter.ts';
export { issueDeliveries, issueState } from './issues/issue-deliveries.ts';
export { issueSummary } from './issues/issue-summary.ts';
export { findIssue, type IssuePlace, type IssueRow, listIssues } from './issues/list-issues.ts';
export { createLeadership, LEADERSHIPS, type Leadership } from './leadership.ts';
export type { LedgerDifference } from './ledger/differences.ts';
export { createLedgerKeeper, type LedgerKeeper } from './ledger/ledger-keeper.ts';
export { type LedgerLine, type LedgerReport, ledgerReport } from './ledger/ledger-report.ts';
export { type LedgerVerdict, verifyLedger } from './ledger/ledger-verify.ts';
export { makePartitions, migrate } from './migrate/migrate.ts';
export { type ClaimedPoll, createPollStore, type PollProgress, type PollStore, type WantedPoll } from './polling/poll-store.ts';
export type { AttemptRow } from './query/attempts.ts';
export { createCallStore } from './query/call-store.ts';
export { type DeliveryDetail, type DeliveryFilter, type DeliveryPage, findDelivery, listDeliveries } from './query/delivery-rows.ts';
export { createInterventionStore, type DeliveryChange, type InterventionStore } from './query/interventions.ts';
export { type LaneFilter, type LaneRow, listLanes } from './query/lanes.ts';
export { createMessageReader, type MessageDetail, type MessageReader, type SealedPayload } from './query/message-reader.ts';
export type { FoundMessage, MessageFilter } from './query/message-search.ts';
export { type QueueFigures, queueFigures } from './query/queue-figures.ts';
export {
  type DeliveryVersion,
  deliveriesById,
  deliveriesSince,
  type MessageChange,
  messagesSince,
  openDeliveries,
} from './query/recent-changes.ts';
export { type SeriesPoint, type SeriesQuery, type TrafficSeries, trafficSeries } from './query/traffic-series.ts';
export { type DeliveryStats, type TrafficStats, trafficStats } from './query/traffic-stats.ts';
export type { BatchDeps } from './replay/replay-batch.ts';
export { REPLAY_MODES, type ReplayFilter, type ReplayMode } from './replay/replay-filter.ts';
export { replayOne } from './replay/replay-one.ts';
export type { ReplayPreview } from './replay/replay-preview.ts';
export { createReplayRunner, type ReplayRunner, replayRamp } from './replay/replay-runner.ts';
export { createReplayStore, type ReplayRow, type ReplayState, type ReplayStore } from './replay/replay-store.ts';
export { createDataKeyStore } from './sealing/data-key-store.ts';
export { createTokenStore, type FetchedToken, type StoredToken, type TokenPlace, type TokenStore } from './tokens/token-store.ts';
export { createViewRepository, type StoredView, VIEWS_PER_OWNER_MAX, type ViewRepository } from './views/view-repository.ts';
