/** What a check of a spoke found: each step in a line, how long it took, what failed, and what to do about it. */
import type { SpokeCheck } from '@nave/api-schema';
import { type UseQueryResult, useQuery } from '@tanstack/react-query';
import { CircleCheck, CircleX } from 'lucide-react';
import { hub } from '../../api/client.ts';
import { useFormat } from '../../i18n/format.ts';
import { defineTexts } from '../../i18n/texts.ts';
import { ErrorNote } from '../../parts/error-note.tsx';
import { Note } from '../../parts/note.tsx';
import { SkeletonRows } from '../../parts/skeleton.tsx';
import styles from './check-result.module.css';

const useTexts = defineTexts({
  en: {
    ok: (latency: string) => `It works: answered in ${latency}.`,
    sends: 'This spoke only sends: there is nothing to reach.',
    failed: 'It does not work yet.',
    took: (latency: string) => `Took ${latency}.`,
    passed: 'passed',
    notPassed: 'failed',
    todo: 'What to do',
    names: {
      reachable: 'Reachable',
      credentials: 'Credentials',
      dns: 'Name',
      address: 'Address',
      tls: 'Certificate',
      encryption: 'Encryption',
      answer: 'Answer',
      account: 'Account',
      company: 'Accounting unit',
      scopes: 'Permissions',
      operations: 'Operations',
      schema: 'Schema',
      wsdl: 'WSDL',
      version: 'Version',
      graphql: 'GraphQL',
      charges: 'Payments',
    } as Readonly<Record<string, string>>,
    advice: {
      reachable: 'Look whether the address is right and the system runs, and whether a firewall lets the hub through.',
      address: 'The hub refuses private addresses unless NAVE_EGRESS names them (configuration of the hub).',
      dns: 'The name in the address is not known to the hub’s resolver: look for a typing error.',
      credentials: 'Give the credentials again in Settings: the system refused the stored ones.',
      tls: 'The certificate is not trusted: put its authority or its pin into the TLS settings. Checking is never switched off.',
      encryption: 'Switch on TLS, or acknowledge in Settings that the connection is plain.',
      account: 'The credentials belong to another account than the settings say.',
      company: 'Another accounting unit is open there than the settings say.',
      scopes: 'Give the token more permissions in the other system.',
      operations: 'Compare the operations in Settings with what the system offers.',
    } as Readonly<Record<string, string>>,
    adviceElse:
      'Compare the address and the credentials in Settings with what the other system shows; deliveries wait and are tried again meanwhile.',
  },
  cs: {
    ok: (latency: string) => `Funguje: odpověděl za ${latency}.`,
    sends: 'Tento systém jen posílá: není kam se připojit.',
    failed: 'Zatím nefunguje.',
    took: (latency: string) => `Trvalo to ${latency}.`,
    passed: 'v pořádku',
    notPassed: 'selhalo',
    todo: 'Co s tím',
    names: {
      reachable: 'Dostupnost',
      credentials: 'Přihlášení',
      dns: 'Jméno',
      address: 'Adresa',
      tls: 'Certifikát',
      encryption: 'Šifrování',
      answer: 'Odpověď',
      account: 'Účet',
      company: 'Účetní jednotka',
      scopes: 'Oprávnění',
      operations: 'Operace',
      schema: 'Schéma',
      wsdl: 'WSDL',
      version: 'Verze',
      graphql: 'GraphQL',
      charges: 'Platby',
    },
    advice: {
      reachable: 'Ověřte, že adresa je správná, systém běží a firewall hub pustí.',
      address: 'Hub odmítá soukromé adresy, dokud je nejmenuje NAVE_EGRESS (konfigurace hubu).',
      dns: 'Jméno v adrese hub nenašel: hledejte překlep.',
      credentials: 'Zadejte přihlašovací údaje v Nastavení znovu: systém ty uložené odmítl.',
      tls: 'Certifikát není důvěryhodný: doplňte jeho autoritu nebo otisk do nastavení TLS. Ověřování se nikdy nevypíná.',
      encryption: 'Zapněte TLS, nebo v Nastavení potvrďte, že spojení je nešifrované.',
      account: 'Přihlašovací údaje patří k jinému účtu, než říká nastavení.',
      company: 'Je tam otevřená jiná účetní jednotka, než říká nastavení.',
      scopes: 'Přidejte tokenu v druhém systému oprávnění.',
      operations: 'Porovnejte operace v Nastavení s tím, co systém nabízí.',
    },
    adviceElse: 'Porovnejte adresu a přihlašovací údaje v Nastavení s druhým systémem; doručení zatím čekají a zkoušejí se znovu.',
  },
});

/** @param now false: only when `refetch` asks for it */
export function useCheck(name: string, now: boolean): UseQueryResult<SpokeCheck> {
  return useQuery({
    queryKey: ['spoke-check', name],
    queryFn: () => hub.spokes.check(name),
    enabled: now,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    refetchOnWindowFocus: false,
    retry: false,
  });
}

export function CheckResult({ check }: { check: UseQueryResult<SpokeCheck> }) {
  const t = useTexts();
  const format = useFormat();
  if (check.isFetching) return <SkeletonRows rows={3} height={20} />;
  if (check.isError) return <ErrorNote error={check.error} onRetry={() => void check.refetch()} />;
  if (check.data === undefined) return null;
  const { ok, latencyMs, detail, checks } = check.data;
  const latency = format.span(latencyMs);
  const failed = checks.find((each) => !each.ok);
  const advice = ok ? null : ((failed === undefined ? undefined : t.advice[failed.name]) ?? t.adviceElse);
  return (
    <div className={styles['result']} aria-live="polite">
      <Note tone={ok ? 'green' : 'red'} icon={ok ? <CircleCheck aria-hidden /> : <CircleX aria-hidden />}>
        <strong>{ok ? (checks.length === 0 ? t.sends : t.ok(latency)) : t.failed}</strong>
        {ok ? null : (
          <div>
            {detail} {t.took(latency)}
          </div>
        )}
      </Note>
      {checks.length === 0 ? null : (
        <ul className={styles['checks']}>
          {checks.map((each) => (
            <li key={each.name} className={styles['check']} data-ok={each.ok}>
              {each.ok ? <CircleCheck aria-hidden /> : <CircleX aria-hidden />}
              <span className={styles['name']}>
                {t.names[each.name] ?? each.name}
                <span className="visually-hidden"> {each.ok ? t.passed : t.notPassed}</span>
              </span>
              <span className="soft">{each.detail}</span>
            </li>
          ))}
        </ul>
      )}
      {advice === null ? null : (
        <p>
          <strong>{t.todo}:</strong> {advice}
        </p>
      )}
    </div>
  );
}
