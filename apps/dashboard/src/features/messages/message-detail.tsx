/** Being built. */
import { Page } from '../../parts/page.tsx';

export function MessageDetail() {
  return <Page title="MessageDetail">…</Page>;
}
