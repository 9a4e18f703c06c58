/** The commands, in the order of the help. */
import type { Command } from '../command.ts';
import { alerts } from './alerts.ts';
import { apply } from './apply.ts';
import { audit } from './audit.ts';
import { check } from './check.ts';
import { diff } from './diff.ts';
import { exportConfig } from './export.ts';
import { keys } from './keys.ts';
import { lanes } from './lanes.ts';
import { ledger } from './ledger.ts';
import { messages } from './messages.ts';
import { pause, resume } from './pause.ts';
import { poll } from './poll.ts';
import { queues } from './queues.ts';
import { replay } from './replay.ts';
import { resolve } from './resolve.ts';
import { retry } from './retry.ts';
import { send } from './send.ts';
import { spokes } from './spokes.ts';
import { tail } from './tail.ts';

export const COMMANDS: readonly Command[] = [
  ...[apply, diff, exportConfig],
  ...[send, tail, messages, replay, retry, resolve],
  ...[queues, lanes, alerts, spokes, check, poll, pause, resume],
  ...[keys, audit, ledger],
];
