/** Settings: how it looks, who may come in, and everything the hub is told as one document. */
import { useNavigate, useSearch } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import { Page } from '../../parts/page.tsx';
import { SkeletonRows } from '../../parts/skeleton.tsx';
import { Tabs } from '../../parts/tabs.tsx';
import { AboutSection } from './about-section.tsx';
import { AppearanceSection } from './appearance-section.tsx';
import { KeysSection } from './keys-section.tsx';
import { useSettingsTexts } from './texts.ts';

const ConfigSection = lazy(() => import('./config-section.tsx').then(({ ConfigSection: component }) => ({ default: component })));

export function SettingsPage() {
  const t = useSettingsTexts();
  const { tab = 'appearance' } = useSearch({ from: '/settings' });
  const navigate = useNavigate({ from: '/settings' });
  return (
    <Page title={t.title}>
      <Tabs
        label={t.sections}
        value={tab}
        onValue={(value) => void navigate({ search: { tab: value }, replace: true })}
        tabs={[
          { value: 'appearance', label: t.tabs.appearance, content: <AppearanceSection /> },
          { value: 'keys', label: t.tabs.keys, content: <KeysSection /> },
          {
            value: 'config',
            label: t.tabs.config,
            content: (
              <Suspense fallback={<SkeletonRows />}>
                <ConfigSection />
              </Suspense>
            ),
          },
          { value: 'about', label: t.tabs.about, content: <AboutSection /> },
        ]}
      />
    </Page>
  );
}
