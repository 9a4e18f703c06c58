/** Being built. */
import { Page } from '../../parts/page.tsx';

export function SpokePage() {
  return <Page title="SpokePage">…</Page>;
}
