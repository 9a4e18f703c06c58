/** The filter of messages as options, shared by `messages` and `replay`. */
import type { Arguments, Option } from './command.ts';
import type { Io } from './io.ts';
import { momentFrom } from './output/moment.ts';

export const MESSAGE_FILTER_OPTIONS: Readonly<Record<string, Option>> = {
  spoke: { type: 'string', value: 'A,B', help: 'spokes the messages came from' },
  type: { type: 'string', value: 'T', help: 'types or patterns, e.g. order.*' },
  state: { type: 'string', value: 'S', help: 'accepted, completed, failed, unrouted' },
  route: { type: 'string', value: 'R', help: 'messages with a delivery of this route' },
  from: { type: 'string', value: 'WHEN', help: 'from this time on; a time, or a span such as 2h' },
  to: { type: 'string', value: 'WHEN', help: 'before this time' },
};

/** A point in time out of an option; spans lie in the past. @throws Complaint */
export function pastOf(args: Arguments, io: Io, name: string): string | undefined {
  const text = args.text(name);
  return text === undefined ? undefined : momentFrom(text, name, io.now(), -1);
}
