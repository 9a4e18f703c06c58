/** Being built. */
import { Page } from '../../parts/page.tsx';

export function SpokesPage() {
  return <Page title="SpokesPage">…</Page>;
}
