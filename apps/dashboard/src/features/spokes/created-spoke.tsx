/** After a spoke was added: whether it works, what to paste into the other system, and what comes next. */
import type { Kind, Spoke } from '@nave/api-schema';
import { Link } from '@tanstack/react-router';
import { useMay } from '../../api/session.ts';
import { defineTexts } from '../../i18n/texts.ts';
import { Button, buttonClass } from '../../parts/button.tsx';
import { Page, Panel } from '../../parts/page.tsx';
import { ownValue } from '../../parts/schema-form/schema-shape.ts';
import { CheckResult, useCheck } from './check-result.tsx';
import type { SpokeDocument } from './form/spoke-document.ts';
import { sendsMessages, takesDeliveries } from './spoke-health.ts';
import styles from './spoke-page.module.css';
import { WebhookSetup } from './webhook-setup.tsx';

const useTexts = defineTexts({
  en: {
    title: (name: string) => `${name} is added`,
    both: 'Look whether it can be reached, give the other system the address of its webhook, then create a route.',
    out: 'Look whether it can be reached, then create a route that delivers to it.',
    in: 'Give the other system the address of its webhook, then create a route for what it sends.',
    spokes: 'Spokes',
    open: 'Open the spoke',
    check: 'Does it work?',
    again: 'Check again',
    webhook: 'In the other system',
    next: 'What comes next',
    test: 'Send a test message',
    route: 'Create a route',
    another: 'Add another spoke',
  },
  cs: {
    title: (name: string) => `Systém ${name} je přidán`,
    both: 'Podívejte se, zda je dostupný, vložte do druhého systému adresu webhooku a vytvořte trasu.',
    out: 'Podívejte se, zda je dostupný, a vytvořte trasu, která do něj bude doručovat.',
    in: 'Vložte do druhého systému adresu webhooku a vytvořte trasu pro to, co posílá.',
    spokes: 'Systémy',
    open: 'Otevřít systém',
    check: 'Funguje to?',
    again: 'Zkusit znovu',
    webhook: 'V druhém systému',
    next: 'Co dál',
    test: 'Poslat zkušební zprávu',
    route: 'Vytvořit trasu',
    another: 'Přidat další systém',
  },
});

/** @param props.document what was sent, with the new secrets: the only time they can be shown */
export function CreatedSpoke({ kind, spoke, document }: { kind: Kind; spoke: Spoke; document: SpokeDocument }) {
  const t = useTexts();
  const [takes, sends] = [takesDeliveries(spoke), sendsMessages(spoke)];
  const may = useMay('operator');
  const check = useCheck(spoke.name, takes && may);
  const params = { name: spoke.name };
  return (
    <Page
      title={t.title(spoke.title)}
      answer={takes && sends ? t.both : takes ? t.out : t.in}
      back={{ to: '/spokes', label: t.spokes }}
      actions={
        <Link to="/spokes/$name" params={params} className={buttonClass('primary')}>
          {t.open}
        </Link>
      }
    >
      {takes ? (
        <Panel
          title={t.check}
          actions={
            <Button size="small" needs="operator" busy={check.isFetching} onClick={() => void check.refetch()}>
              {t.again}
            </Button>
          }
        >
          <CheckResult check={check} />
        </Panel>
      ) : null}
      {sends ? (
        <Panel title={t.webhook}>
          <WebhookSetup kind={kind} spoke={spoke} verify={ownValue(ownValue(document, 'inbound'), 'verify')} />
        </Panel>
      ) : null}
      <Panel title={t.next}>
        <div className={styles['links']}>
          {sends ? (
            <Link to="/spokes/$name" params={params} search={{ tab: 'test' }} className={buttonClass()}>
              {t.test}
            </Link>
          ) : null}
          <Link to="/routes/new" search={sends && !takes ? { from: spoke.name } : { to: spoke.name }} className={buttonClass()}>
            {t.route}
          </Link>
          <Link to="/spokes/new" className={buttonClass('ghost')}>
            {t.another}
          </Link>
        </div>
      </Panel>
    </Page>
  );
}
