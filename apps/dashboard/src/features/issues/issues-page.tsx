/** Being built. */
import { Page } from '../../parts/page.tsx';

export function IssuesPage() {
  return <Page title="IssuesPage">…</Page>;
}
