/** Being built. */
import { Page } from '../../parts/page.tsx';

export function ReplaysPage() {
  return <Page title="ReplaysPage">…</Page>;
}
