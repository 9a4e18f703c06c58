/** Being built. */
import { Page } from '../../parts/page.tsx';

export function DeliveryRedirect() {
  return <Page title="DeliveryRedirect">…</Page>;
}
