/** Being built. */
import { Page } from '../../parts/page.tsx';

export function RoutesPage() {
  return <Page title="RoutesPage">…</Page>;
}
