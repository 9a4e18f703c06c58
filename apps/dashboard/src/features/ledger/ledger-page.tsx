/** Being built. */
import { Page } from '../../parts/page.tsx';

export function LedgerPage() {
  return <Page title="LedgerPage">…</Page>;
}
