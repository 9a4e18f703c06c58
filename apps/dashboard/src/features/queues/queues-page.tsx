/** Being built. */
import { Page } from '../../parts/page.tsx';

export function QueuesPage() {
  return <Page title="QueuesPage">…</Page>;
}
