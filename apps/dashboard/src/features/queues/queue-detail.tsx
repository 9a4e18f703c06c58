/** Being built. */
import { Page } from '../../parts/page.tsx';

export function QueueDetail() {
  return <Page title="QueueDetail">…</Page>;
}
