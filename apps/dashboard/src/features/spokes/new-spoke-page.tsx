/** Being built. */
import { Page } from '../../parts/page.tsx';

export function NewSpokePage() {
  return <Page title="NewSpokePage">…</Page>;
}
