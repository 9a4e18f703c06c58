/** Being built. */
import { Page } from '../../parts/page.tsx';

export function NewRoutePage() {
  return <Page title="NewRoutePage">…</Page>;
}
