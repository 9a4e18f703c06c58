/** What a replay is about, in words: the filter it was started with. */
import type { Replay } from '@nave/api-schema';

export interface FilterWords {
  /** `messages`, `dead deliveries`. */
  what: (mode: Replay['mode']) => string;
  issue: (id: string) => string;
  ids: (count: number) => string;
  spoke: (mode: Replay['mode'], names: string) => string;
  type: (names: string) => string;
  state: (names: string) => string;
  route: (name: string) => string;
  from: (at: string) => string;
  to: (at: string) => string;
  everything: string;
  or: string;
}

const SHORT = 8;

/**
 * @param moment how times are written
 * @param stateWord the word for a state
 */
export function filterInWords(
  { mode, filter }: Pick<Replay, 'mode' | 'filter'>,
  words: FilterWords,
  moment: (at: string) => string,
  stateWord: (state: string) => string,
): string {
  const { spoke, type, state, route, ids, issue, from, to } = filter;
  const list = (value: string | readonly string[]) => several(value).join(` ${words.or} `);
  const parts = [
    issue === undefined ? null : words.issue(issue.slice(0, SHORT)),
    ids === undefined ? null : words.ids(ids.length),
    spoke === undefined ? null : words.spoke(mode, list(spoke)),
    type === undefined ? null : words.type(list(type)),
    // The others are about dead deliveries anyway.
    state === undefined || mode !== 'replay' ? null : words.state(several(state).map(stateWord).join(` ${words.or} `)),
    route === undefined ? null : words.route(route),
    from === undefined ? null : words.from(moment(from)),
    to === undefined ? null : words.to(moment(to)),
  ].filter((part) => part !== null);
  return `${words.what(mode)}${parts.length === 0 ? ` (${words.everything})` : ` ${parts.join(', ')}`}`;
}

function several(value: string | readonly string[]): readonly string[] {
  return typeof value === 'string' ? [value] : value;
}
