/** Rows of an archive: one JSON object per line, in the words of the API; sealed values stay sealed, as base64. */
import type { DayTable } from './day-partitions.ts';

/** A row as the driver gives it. */
export type Row = Record<string, unknown>;

interface ArchivedTable {
  /** File name without ending. */
  file: string;
  /** Columns in the order of the lines; sealed ones are bytes. */
  columns: readonly string[];
  sealed: readonly string[];
  /** Primary key. */
  key: readonly string[];
}

export const ARCHIVED: Readonly<Record<DayTable, ArchivedTable>> = {
  message: {
    file: 'messages',
    columns: [
      ...[
        'id',
        'spoke',
        'type',
        'received_at',
        'content_type',
        'size',
        'idempotency_key',
        'correlation_id',
        'causation_id',
        'ordering_key',
      ],
      ...['traceparent', 'unrouted', 'content'],
    ],
    sealed: ['content'],
    key: ['id'],
  },
  message_key: { file: 'message-keys', columns: ['message_id', 'name', 'hash'], sealed: ['hash'], key: ['message_id', 'name'] },
  delivery: {
    file: 'deliveries',
    columns: [
      ...[
        'id',
        'message_id',
        'source',
        'route',
        'route_version',
        'step',
        'step_name',
        'spoke',
        'operation',
        'state',
        'reason',
        'attempt_count',
      ],
      ...['lane_key', 'lane_seq', 'replay_of', 'replay_id', 'created_at', 'finished_at', 'input', 'output'],
    ],
    sealed: ['input', 'output'],
    key: ['id'],
  },
  attempt: {
    file: 'attempts',
    columns: ['id', 'delivery_id', 'number', 'started_at', 'duration_ms', 'outcome', 'status', 'detail', 'excerpt'],
    sealed: ['excerpt'],
    key: ['id'],
  },
};

/** `received_at` → `receivedAt`; bytes as base64, times as RFC 3339, in the order of the columns. */
export function lineOf(columns: readonly string[], row: Row): string {
  const line: Record<string, unknown> = {};
  for (const column of columns) {
    const value = row[column];
    line[camel(column)] = value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value;
  }
  return `${JSON.stringify(line)}\n`;
}

/** Number of the data key a sealed value names (layout: version, flags, key number as 32 bits big-endian); null for anything that is no sealed value. */
export function dataKeyOf(sealed: unknown): number | null {
  if (!(sealed instanceof Uint8Array) || sealed.length < 6) return null;
  const id = Buffer.from(sealed.buffer, sealed.byteOffset, sealed.length).readUInt32BE(2);
  return id <= KEY_ID_MAX ? id : null;
}

/** `data_key.id` is an integer of PostgreSQL. */
const KEY_ID_MAX = 2_147_483_647;

function camel(column: string): string {
  return column.replaceAll(/_([a-z])/g, (_all, letter: string) => letter.toUpperCase());
}
