/** Being built. */
import { Page } from '../../parts/page.tsx';

export function IssueDetail() {
  return <Page title="IssueDetail">…</Page>;
}
