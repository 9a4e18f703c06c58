/** Being built. */
import { Page } from '../../parts/page.tsx';

export function MapPage() {
  return <Page title="MapPage">…</Page>;
}
