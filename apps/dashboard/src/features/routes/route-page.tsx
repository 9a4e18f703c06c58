/** Being built. */
import { Page } from '../../parts/page.tsx';

export function RoutePage() {
  return <Page title="RoutePage">…</Page>;
}
