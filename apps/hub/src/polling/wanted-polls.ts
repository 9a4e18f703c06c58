/** The polls that are switched on, with what their kinds declare. */
import type { ErasedAdapter } from '@nave/adapter-kit';
import type { CompiledSpoke } from '@nave/pipeline';
import type { WantedPoll } from '@nave/store';

export interface RunnablePoll extends WantedPoll {
  from: 'now' | 'start';
}

/** Of one spoke; none while it is paused or disabled. Polls its kind does not have (any more) are left out. */
export function wantedPolls({ definition }: CompiledSpoke, kinds: ReadonlyMap<string, Pick<ErasedAdapter, 'pollsOf'>>): RunnablePoll[] {
  const { name: spoke, kind, enabled, paused, config, inbound } = definition;
  const settings = Object.entries(inbound?.polls ?? {});
  if (settings.length === 0 || !enabled || paused) return [];
  const declared = new Map((kinds.get(kind)?.pollsOf(config) ?? []).map((poll) => [poll.name, poll]));
  return settings.flatMap(([name, { everyMs, from }]) => {
    const poll = declared.get(name);
    return poll === undefined ? [] : [{ spoke, name, kind, from, everyMs: everyMs ?? poll.everyMs }];
  });
}
