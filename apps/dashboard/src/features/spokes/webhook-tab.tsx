/** How the system sends to the hub; or that it does not yet, and where that is switched on. */
import type { Kind, Spoke } from '@nave/api-schema';
import { Link } from '@tanstack/react-router';
import { Webhook } from 'lucide-react';
import { defineTexts } from '../../i18n/texts.ts';
import { buttonClass } from '../../parts/button.tsx';
import { EmptyState } from '../../parts/empty-state.tsx';
import { Panel } from '../../parts/page.tsx';
import { sendsMessages } from './spoke-health.ts';
import { WebhookSetup } from './webhook-setup.tsx';

const useTexts = defineTexts({
  en: {
    title: 'In the other system',
    none: 'It sends nothing to the hub',
    noneMeans: 'Switch on “Incoming webhooks” in Settings: then it has an address here, and proves itself by a signature.',
    settings: 'Open Settings',
  },
  cs: {
    title: 'V druhém systému',
    none: 'Do hubu nic neposílá',
    noneMeans: 'Zapněte v Nastavení „Příchozí webhooky“: systém tu dostane svou adresu a bude se prokazovat podpisem.',
    settings: 'Otevřít Nastavení',
  },
});

export function WebhookTab({ spoke, kind }: { spoke: Spoke; kind: Kind }) {
  const t = useTexts();
  if (!sendsMessages(spoke)) {
    return (
      <EmptyState
        title={t.none}
        icon={<Webhook aria-hidden />}
        action={
          <Link to="/spokes/$name" params={{ name: spoke.name }} search={{ tab: 'settings' }} className={buttonClass()}>
            {t.settings}
          </Link>
        }
      >
        {t.noneMeans}
      </EmptyState>
    );
  }
  return (
    <Panel title={t.title}>
      <WebhookSetup kind={kind} spoke={spoke} />
    </Panel>
  );
}
