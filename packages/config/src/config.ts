/** The settings of a process, completed: nothing in here is undefined. */
import type { Secret } from './secret.ts';

export const PROCESS_ROLES = ['all', 'hub', 'worker'] as const;
export type ProcessRole = (typeof PROCESS_ROLES)[number];

export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

export interface Config {
  host: string;
  /** 0 = a free one. */
  port: number;
  /** Without a trailing slash; null = the address the hub listens on. */
  publicUrl: string | null;
  /** True when only this machine can reach the listen address. */
  listensOnLoopback: boolean;
  /** CIDRs and addresses. */
  trustProxy: readonly string[];
  tls: { certPath: string; keyPath: string; clientCaPath: string | null } | null;
  /** Origins as browsers send them. */
  corsOrigins: readonly string[];
  dataDir: string;
  /** External PostgreSQL; null = the embedded one. */
  databaseUrl: Secret | null;
  /** One = a server, several = nodes of a cluster, none = BullMQ on PostgreSQL. */
  redisUrls: readonly Secret[];
  role: ProcessRole;
  workerConcurrency: number;
  ticketShards: number;
  /** After this long without a sign of life a worker's deliveries are taken over. */
  leaseMs: number;
  /** How long rows are kept; whole days are dropped. */
  retentionMs: number;
  /** Folder for days that are dropped, as NDJSON; null = not archived. */
  archiveDir: string | null;
  /** Null = generated at the first start. */
  adminKey: Secret | null;
  /** Base64 of 32 bytes; null = generated into the data dir (embedded only). */
  secretKey: Secret | null;
  /** A `nave.yaml` to apply at start. */
  configPath: string | null;
  logLevel: LogLevel;
  /** Private hosts, `host:port`s and CIDRs that spokes may reach; `*` = all private ones. */
  egress: readonly string[];
}
