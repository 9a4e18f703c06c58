/** Structured logs: one JSON line each, known secret fields redacted wherever they stand. */
import type { Logger } from '@nave/core';
import pino from 'pino';

export interface LoggerOptions {
  level: string;
  /** Named in every line. */
  role: string;
  /** Default: standard output, written asynchronously. */
  destination?: pino.DestinationStream;
}

const SECRET_FIELDS = ['authorization', 'cookie', 'password', 'secret', 'token', 'credentials', 'apiKey', 'key'];
const REDACTED = SECRET_FIELDS.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]);

export function createLogger({ level, role, destination }: LoggerOptions): Logger {
  const options: pino.LoggerOptions = {
    level,
    base: { role },
    redact: { paths: REDACTED, censor: '[redacted]' },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
  };
  return wrap(destination === undefined ? pino(options) : pino(options, destination));
}

function wrap(log: pino.Logger): Logger {
  return {
    debug: (fields, message) => log.debug(fields, message),
    info: (fields, message) => log.info(fields, message),
    warn: (fields, message) => log.warn(fields, message),
    error: (fields, message) => log.error(fields, message),
    child: (fields) => wrap(log.child({ ...fields })),
  };
}
