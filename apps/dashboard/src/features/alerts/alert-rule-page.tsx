/** Being built. */
import { Page } from '../../parts/page.tsx';

export function AlertRulePage() {
  return <Page title="AlertRulePage">…</Page>;
}

export function NewAlertRulePage() {
  return <Page title="NewAlertRulePage">…</Page>;
}
