/** A logger that keeps what was said, for tests that care; nothing is printed. */
import type { LogFields, Logger } from '@nave/core';

export interface LoggedLine {
  level: 'debug' | 'info' | 'warn' | 'error';
  fields: LogFields;
  message: string;
}

export interface RecordingLogger extends Logger {
  lines: LoggedLine[];
}

export function recordingLogger(): RecordingLogger {
  const lines: LoggedLine[] = [];
  const at = (level: LoggedLine['level'], given: LogFields) => (fields: LogFields, message: string) => {
    lines.push({ level, fields: { ...given, ...fields }, message });
  };
  const make = (given: LogFields): RecordingLogger => ({
    lines,
    debug: at('debug', given),
    info: at('info', given),
    warn: at('warn', given),
    error: at('error', given),
    child: (fields) => make({ ...given, ...fields }),
  });
  return make({});
}
