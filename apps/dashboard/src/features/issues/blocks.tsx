/** What a failure blocks: lanes, and the deliveries that wait in them. */
import type { Issue } from '@nave/api-schema';
import { useIssueTexts } from './texts.ts';

export function Blocks({ issue: { parkedLanes, waiting } }: { issue: Issue }) {
  const t = useIssueTexts();
  if (parkedLanes === 0) return <span className="soft">–</span>;
  return (
    <span className="numbers">
      {t.parkedLanes(parkedLanes)}
      {waiting === null || waiting === 0 ? null : `, ${t.waitingBehind(waiting)}`}
    </span>
  );
}
