/** Being built. */
import { Page } from '../../parts/page.tsx';

export function GalleryPage() {
  return <Page title="GalleryPage">…</Page>;
}
