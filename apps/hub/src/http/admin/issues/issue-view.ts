/** A group of failing deliveries as the API shows it. */
import type { Issue } from '@nave/api-schema';
import type { IssueRow } from '@nave/store';

const DETAIL_MAX = 500;
/** Reasons that say no more than outcome and status do. */
const PLAIN = new Set(['rejected', 'invalid', 'retries.exhausted', 'unanswered']);

export function issueView({ line, detail, firstSeen, lastSeen, routes, ...row }: IssueRow): Issue {
  return {
    ...row,
    title: titleOf({ line, ...row }),
    detail: oneLine(detail).slice(0, DETAIL_MAX),
    firstSeen: firstSeen.toISOString(),
    lastSeen: lastSeen.toISOString(),
    routes: routes.map(({ route, count }) => ({ route, count })),
  };
}

/** What went wrong in one line, such as `rejected 422: … is not a known customer`. */
export function titleOf({
  outcome,
  status,
  reason,
  line,
  state,
}: Pick<IssueRow, 'outcome' | 'status' | 'reason' | 'line' | 'state'>): string {
  const what = [outcome ?? reason ?? state, status].filter((part) => part !== null).join(' ');
  const why = outcome === null || reason === null || PLAIN.has(reason) || reason === outcome ? '' : ` (${reason})`;
  return `${what}${why}${line === '' || line === what ? '' : `: ${line}`}`;
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim();
}
