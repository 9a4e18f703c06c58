/** A replay or a bulk retry: counted first, agreed to, then followed to its end. */
import type { Replay, ReplayCreate } from '@nave/api-schema';
import type { Context, Option } from './command.ts';
import { Complaint } from './complaint.ts';
import { EXIT } from './exit-codes.ts';
import { moment, span } from './output/moment.ts';
import { facts } from './output/table.ts';

export const REPLAY_OPTIONS: Readonly<Record<string, Option>> = {
  rate: { type: 'string', value: 'N', help: 'so many a second at most' },
  'dry-run': { type: 'boolean', help: 'only count' },
  yes: { type: 'boolean', short: 'y', help: 'do not ask' },
  detach: { type: 'boolean', help: 'do not wait for the end' },
};

const POLL_MS = 500;
/** Longer than this the hub goes on alone. */
const FOLLOW_MS_MAX = 6 * 3_600_000;

/** @param what one and several of what is counted, for the words */
export async function runReplay(
  { io, args, json, client }: Context,
  replay: Omit<ReplayCreate, 'dryRun'>,
  what: readonly [string, string],
): Promise<number> {
  const { replays } = client();
  const preview = await replays.preview(replay);
  const [one, several] = what;
  const count = `${preview.exact ? '' : 'at least '}${preview.count} ${preview.count === 1 ? one : several}`;
  if (args.flag('dry-run') || preview.count === 0) {
    if (json) io.out(JSON.stringify({ preview }, null, 2));
    else if (preview.count === 0) io.out(`no ${several} match`);
    else for (const line of facts(io, previewRows(count, preview))) io.out(line);
    return EXIT.ok;
  }
  if (!args.flag('yes')) {
    for (const line of facts({ colour: false }, previewRows(count, preview))) io.err(line);
    const verb = replay.mode === 'retry' ? 'Retry' : 'Replay';
    if (!io.interactive) throw new Complaint(EXIT.usage, `${verb} ${count}? Nobody can be asked here; add --yes`);
    if (!/^y(es)?$/i.test((await io.ask(`${verb} ${count}? [y/N] `)).trim())) {
      io.err('nothing was done');
      return EXIT.failed;
    }
  }
  const begun = await replays.create(replay);
  const ended = args.flag('detach') ? begun : await follow({ io, client }, begun);
  if (json) io.out(JSON.stringify({ preview, replay: ended }, null, 2));
  else io.out(`${ended.state}  ${ended.done} of ${ended.total} done, ${ended.failed} failed  (replay ${ended.id})`);
  return ended.failed > 0 || (ended.state === 'stopped' && !args.flag('detach')) ? EXIT.failed : EXIT.ok;
}

/** Until it ends, is paused or stopped by somebody, or the person has seen enough. */
async function follow({ io, client }: Pick<Context, 'io' | 'client'>, begun: Replay): Promise<Replay> {
  const interrupted = io.interrupted();
  const untilMs = io.now() + FOLLOW_MS_MAX;
  let replay = begun;
  while (replay.state === 'running' && !interrupted.aborted && io.now() < untilMs) {
    io.progress(`${bar(replay)} ${replay.done} of ${replay.total}, ${replay.failed} failed`);
    await io.sleep(POLL_MS, interrupted);
    replay = await client().replays.get(replay.id);
  }
  io.progress('');
  if (interrupted.aborted && replay.state === 'running') io.err('the replay goes on in the hub');
  return replay;
}

function bar({ done, total }: Replay): string {
  const filled = total === 0 ? 0 : Math.min(20, Math.floor((done / total) * 20));
  return `${'█'.repeat(filled)}${'░'.repeat(20 - filled)}`;
}

function previewRows(
  count: string,
  { oldest, newest, estimatedSeconds }: { oldest: string | null; newest: string | null; estimatedSeconds: number },
): [string, string][] {
  return [
    ['matching', count],
    ['oldest', moment(oldest)],
    ['newest', moment(newest)],
    ['takes about', span(estimatedSeconds)],
  ];
}
