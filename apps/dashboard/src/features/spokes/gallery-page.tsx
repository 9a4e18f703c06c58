/** The gallery: every kind of system the hub can be connected to; choosing one leads to its form. */
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { defineTexts, plural } from '../../i18n/texts.ts';
import { buttonClass } from '../../parts/button.tsx';
import { EmptyState } from '../../parts/empty-state.tsx';
import { ErrorNote } from '../../parts/error-note.tsx';
import { TextInput } from '../../parts/field.tsx';
import { Page } from '../../parts/page.tsx';
import { Skeleton } from '../../parts/skeleton.tsx';
import { familyRank, useFamilyName } from './families.ts';
import styles from './gallery.module.css';
import { KindLogo } from './kind-logo.tsx';
import { type KindSummary, kindsQuery } from './use-spokes.ts';

const route = getRouteApi('/spokes/new');

const useTexts = defineTexts({
  en: {
    title: 'Add a spoke',
    answer: (n: number) =>
      `Choose what to connect: ${plural('en', n, { one: '# kind of system', other: '# kinds of systems' })}. What has no kind of its own is reached by REST, SOAP, GraphQL or webhooks.`,
    spokes: 'Spokes',
    search: 'Search kinds',
    all: 'All families',
    families: 'Families',
    none: (q: string) => `No kind is called “${q}”`,
    noneMeans: 'Most systems have an HTTP API or send webhooks:',
    rest: 'Connect it by REST',
    source: 'Take its webhooks',
  },
  cs: {
    title: 'Přidat systém',
    answer: (n: number) =>
      `Vyberte, co připojit: ${plural('cs', n, { one: '# druh systému', few: '# druhy systémů', other: '# druhů systémů' })}. Co nemá vlastní druh, připojí se přes REST, SOAP, GraphQL nebo webhooky.`,
    spokes: 'Systémy',
    search: 'Hledat druhy',
    all: 'Všechny oblasti',
    families: 'Oblasti',
    none: (q: string) => `Žádný druh se nejmenuje „${q}“`,
    noneMeans: 'Většina systémů má HTTP API nebo posílá webhooky:',
    rest: 'Připojit přes REST',
    source: 'Přijímat jeho webhooky',
  },
});

export function GalleryPage() {
  const t = useTexts();
  const familyName = useFamilyName();
  const { q = '', family } = route.useSearch();
  const navigate = route.useNavigate();
  const kinds = useQuery(kindsQuery);
  const all = kinds.data ?? [];
  const families = [...new Set(all.map((kind) => kind.family))].sort((a, b) => familyRank(a) - familyRank(b));
  const found = all.filter((kind) => fits(kind, q) && (family === undefined || kind.family === family));
  return (
    <Page title={t.title} answer={kinds.data === undefined ? undefined : t.answer(all.length)} back={{ to: '/spokes', label: t.spokes }}>
      <search className={styles['search']}>
        <TextInput
          type="search"
          value={q}
          onValue={(next) => void navigate({ search: (before) => ({ ...before, q: next === '' ? undefined : next }), replace: true })}
          placeholder={t.search}
          aria-label={t.search}
        />
        <nav className={styles['families']} aria-label={t.families}>
          <Link
            to="/spokes/new"
            search={q === '' ? {} : { q }}
            className={styles['family']}
            data-active={family === undefined || undefined}
          >
            {t.all}
          </Link>
          {families.map((one) => (
            <Link
              key={one}
              to="/spokes/new"
              search={{ ...(q === '' ? {} : { q }), family: one }}
              className={styles['family']}
              data-active={family === one || undefined}
              {...(family === one ? { 'aria-current': true } : {})}
            >
              {familyName(one)}
            </Link>
          ))}
        </nav>
      </search>
      {kinds.isError && kinds.data === undefined ? <ErrorNote error={kinds.error} onRetry={() => void kinds.refetch()} /> : null}
      {kinds.isPending ? (
        <div className={styles['grid']} aria-busy="true">
          {['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i'].map((key) => (
            <Skeleton key={key} height={84} />
          ))}
        </div>
      ) : null}
      {families
        .map((one) => ({ one, members: found.filter((kind) => kind.family === one) }))
        .filter(({ members }) => members.length > 0)
        .map(({ one, members }) => (
          <section key={one} aria-label={familyName(one)} className={styles['section']}>
            <h2>{familyName(one)}</h2>
            <ul className={styles['grid']}>
              {members.map((kind) => (
                <li key={kind.kind}>
                  <Card kind={kind} />
                </li>
              ))}
            </ul>
          </section>
        ))}
      {kinds.data !== undefined && found.length === 0 ? (
        <EmptyState
          title={t.none(q)}
          action={
            <div className={styles['ways']}>
              <Link to="/spokes/new/$kind" params={{ kind: 'rest' }} className={buttonClass('primary')}>
                {t.rest}
              </Link>
              <Link to="/spokes/new/$kind" params={{ kind: 'source' }} className={buttonClass()}>
                {t.source}
              </Link>
            </div>
          }
        >
          {t.noneMeans}
        </EmptyState>
      ) : null}
    </Page>
  );
}

function Card({ kind }: { kind: KindSummary }) {
  return (
    <Link to="/spokes/new/$kind" params={{ kind: kind.kind }} className={styles['card']}>
      <KindLogo kind={kind.kind} title={kind.title} size={36} />
      <span className={styles['words']}>
        <strong>{kind.title}</strong>
        <span className="soft">{kind.summary}</span>
      </span>
    </Link>
  );
}

function fits({ kind, title, summary }: KindSummary, q: string): boolean {
  const text = `${kind} ${title} ${summary}`.toLocaleLowerCase();
  return q
    .toLocaleLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}
