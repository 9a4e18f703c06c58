/** What has to be known to let a system send to the hub: the address, how it proves itself, and a command that tries it. */
import type { Kind, Spoke } from '@nave/api-schema';
import { Link } from '@tanstack/react-router';
import { CircleCheck, KeyRound } from 'lucide-react';
import type { ReactNode } from 'react';
import { defineTexts } from '../../i18n/texts.ts';
import { CopyButton } from '../../parts/copy-button.tsx';
import { Note } from '../../parts/note.tsx';
import { isJsonObject, ownValue } from '../../parts/schema-form/schema-shape.ts';
import { curlExample } from './curl-example.ts';
import styles from './spoke-page.module.css';

const useTexts = defineTexts({
  en: {
    address: 'Address',
    addressHelp: 'Paste it as the URL of the webhook, with the method POST.',
    scheme: 'Proof',
    secret: 'Secret',
    secretNew: 'Copy it now: it is not shown again.',
    secretSet: 'A secret is stored. It is never shown; a new one is made in Settings.',
    secretMissing: 'No secret is stored yet.',
    secretTheirs: 'Stored: the one that the provider shows for its webhook.',
    none: 'Nothing is verified: anybody who knows the address may send.',
    try: 'Try it in a shell',
    tryHelp: 'Fill in the secret. The answer is 202 with the id of the message.',
    tryOpen: 'The answer is 202 with the id of the message.',
    noExample: 'This signature cannot be made in a few lines: let the provider send a test event.',
    several: (n: number) => `All of ${n} schemes must pass.`,
    publish: 'Or publish with a key',
    publishHelp: 'A program of your own can send without a webhook, with a key of the role publish:',
    keys: 'Keys',
    soap: 'SOAP callers use',
    what: { address: 'address', secret: 'secret', command: 'command' },
  },
  cs: {
    address: 'Adresa',
    addressHelp: 'Vložte ji jako URL webhooku, metoda POST.',
    scheme: 'Ověření',
    secret: 'Tajný klíč',
    secretNew: 'Zkopírujte ho teď: znovu se už neukáže.',
    secretSet: 'Klíč je uložen. Nikdy se neukazuje; nový vytvoříte v Nastavení.',
    secretMissing: 'Zatím není uložen žádný klíč.',
    secretTheirs: 'Uložen: ten, který u webhooku ukazuje poskytovatel.',
    none: 'Nic se neověřuje: poslat může každý, kdo zná adresu.',
    try: 'Vyzkoušet v příkazovém řádku',
    tryHelp: 'Doplňte tajný klíč. Odpověď je 202 s id zprávy.',
    tryOpen: 'Odpověď je 202 s id zprávy.',
    noExample: 'Takový podpis se na pár řádcích udělat nedá: ať poskytovatel pošle zkušební událost.',
    several: (n: number) => `Projít musí všechny způsoby (${n}).`,
    publish: 'Nebo posílejte s klíčem',
    publishHelp: 'Vlastní program může posílat i bez webhooku, s klíčem role publish:',
    keys: 'Klíče',
    soap: 'SOAP klienti volají',
    what: { address: 'adresa', secret: 'tajný klíč', command: 'příkaz' },
  },
});

/** Of these the provider makes the secret and shows it. */
const THEIRS = new Set(['stripe', 'slack', 'shopify', 'hubspot-v3', 'twilio']);

/** @param props.verify as it was just written, with the new secret; left out: as it is stored */
export function WebhookSetup({ kind, spoke, verify }: { kind: Kind; spoke: Spoke; verify?: unknown }) {
  const t = useTexts();
  const url = `${window.location.origin}/hooks/${spoke.name}`;
  const stored = verify ?? ownValue(spoke.inbound, 'verify');
  const all: readonly unknown[] = Array.isArray(stored) ? stored : [stored];
  const soap = isJsonObject(ownValue(spoke.inbound, 'operations'));
  const [only] = all;
  const example = all.length === 1 ? curlExample(url, only) : null;
  return (
    <div className={styles['setup']}>
      <Row label={t.address} help={t.addressHelp}>
        <Line text={url} what={t.what.address} />
      </Row>
      <Row label={t.scheme}>
        {all.length > 1 ? <p>{t.several(all.length)}</p> : null}
        {all.map((one) => {
          const scheme = String(ownValue(one, 'scheme') ?? 'none');
          const info = kind.verifySchemes.find((each) => each.scheme === scheme);
          return (
            <div key={scheme}>
              <strong>{info?.title ?? scheme}</strong> <span className="soft">{info?.summary}</span>
              {scheme === 'none' ? (
                <Note tone="amber">{t.none}</Note>
              ) : info?.secretRequired === false ? null : (
                <Secret verify={one} scheme={scheme} />
              )}
            </div>
          );
        })}
      </Row>
      {soap ? (
        <Row label="SOAP" help={t.soap}>
          <Line text={`${window.location.origin}/soap/${spoke.name}?wsdl`} what={t.what.address} />
        </Row>
      ) : null}
      <Row label={t.try} help={example === null ? t.noExample : example.secret ? t.tryHelp : t.tryOpen}>
        {example === null ? null : <Block text={example.lines.join('\n')} what={t.what.command} />}
      </Row>
      <Row label={t.publish} help={t.publishHelp}>
        <Block
          text={[
            `curl -i '${window.location.origin}/v1/messages' -H "authorization: Bearer $NAVE_KEY" \\`,
            `  -H 'content-type: application/json' -d '{"source":"${spoke.name}","type":"test","data":{"number":"T-1"}}'`,
          ].join('\n')}
          what={t.what.command}
        />
        <Link to="/settings" search={{ tab: 'keys' }}>
          {t.keys}
        </Link>
      </Row>
    </div>
  );
}

function Secret({ verify, scheme }: { verify: unknown; scheme: string }) {
  const t = useTexts();
  const secret = ownValue(verify, 'secret');
  if (typeof secret === 'string' && secret !== '') {
    return (
      <Note tone="blue" icon={<KeyRound aria-hidden />}>
        {THEIRS.has(scheme) ? t.secretTheirs : t.secretNew}
        {THEIRS.has(scheme) ? null : <Line text={secret} what={t.what.secret} />}
      </Note>
    );
  }
  const secrets = ownValue(verify, 'secrets');
  const set = ownValue(verify, 'set') === true || (Array.isArray(secrets) && secrets.some((one) => ownValue(one, 'set') === true));
  return (
    <Note tone={set ? 'green' : 'amber'} icon={set ? <CircleCheck aria-hidden /> : undefined}>
      {set ? (THEIRS.has(scheme) ? t.secretTheirs : t.secretSet) : t.secretMissing}
    </Note>
  );
}

function Row({ label, help, children }: { label: string; help?: string; children: ReactNode }) {
  return (
    <section className={styles['setupRow']}>
      <h3>{label}</h3>
      <div className={styles['setupBody']}>
        {help === undefined ? null : <p className="soft">{help}</p>}
        {children}
      </div>
    </section>
  );
}

function Line({ text, what }: { text: string; what: string }) {
  return (
    <span className={styles['line']}>
      <code>{text}</code>
      <CopyButton text={text} what={what} />
    </span>
  );
}

function Block({ text, what }: { text: string; what: string }) {
  return (
    <div className={styles['block']}>
      {/** biome-ignore lint/a11y/noNoninteractiveTabindex: long lines scroll, which needs the focus */}
      <pre tabIndex={0}>{text}</pre>
      <CopyButton text={text} what={what} />
    </div>
  );
}
