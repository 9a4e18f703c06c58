/** What routes can do with a spoke: its operations, whether repeating them is harmless, and which routes use them. */
import type { Kind, Spoke } from '@nave/api-schema';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { hub } from '../../api/client.ts';
import { defineTexts } from '../../i18n/texts.ts';
import { buttonClass } from '../../parts/button.tsx';
import { EmptyState } from '../../parts/empty-state.tsx';
import { Panel } from '../../parts/page.tsx';
import { operationRows } from './operation-rows.ts';
import styles from './spoke-page.module.css';

const ROUTES_MAX = 2_000;

const useTexts = defineTexts({
  en: {
    title: 'Operations',
    name: 'Operation',
    what: 'What it does',
    idempotent: 'Repeating it',
    lookup: 'Found out by',
    undo: 'Taken back by',
    used: 'Used by',
    words: {
      always: 'is harmless',
      key: 'is harmless with the same key',
      never: 'may do it twice',
      default: 'as its method says',
    } as Readonly<Record<string, string>>,
    none: 'It has no operations yet',
    noneMeans: 'Operations of this kind are written in Settings: a name, a method and a path.',
    settings: 'Open Settings',
    nobody: 'no route',
  },
  cs: {
    title: 'Operace',
    name: 'Operace',
    what: 'Co dělá',
    idempotent: 'Opakování',
    lookup: 'Ověří se přes',
    undo: 'Vrátí se přes',
    used: 'Používá',
    words: {
      always: 'neškodí',
      key: 'neškodí se stejným klíčem',
      never: 'může ji provést dvakrát',
      default: 'podle metody',
    },
    none: 'Zatím nemá žádné operace',
    noneMeans: 'Operace tohoto druhu se zapisují v Nastavení: jméno, metoda a cesta.',
    settings: 'Otevřít Nastavení',
    nobody: 'žádná trasa',
  },
});

export function OperationsTab({ spoke, kind }: { spoke: Spoke; kind: Kind }) {
  const t = useTexts();
  const routes = useQuery({
    queryKey: ['routes', 'list', 'all'],
    queryFn: async () => {
      const all = [];
      for await (const route of hub.routes.all({}, { itemsMax: ROUTES_MAX })) all.push(route);
      return all;
    },
  });
  const rows = operationRows(kind, spoke.config);
  if (rows.length === 0) {
    return (
      <EmptyState
        title={t.none}
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
  const steps = (routes.data ?? []).flatMap((route) => route.steps.map((step) => ({ route: route.name, ...step })));
  const only = rows.length === 1;
  return (
    <Panel title={t.title} flush>
      <div className={styles['scroll']}>
        <table className={styles['table']}>
          <thead>
            <tr>
              <th>{t.name}</th>
              <th>{t.what}</th>
              <th>{t.idempotent}</th>
              <th>{t.lookup}</th>
              <th>{t.undo}</th>
              <th>{t.used}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => {
              const users = steps.filter(
                ({ to, operation }) => to === spoke.name && (operation === row.name || (only && operation == null)),
              );
              return (
                <tr key={row.name}>
                  <td className="mono">{row.name}</td>
                  <td>{row.what}</td>
                  <td style={row.idempotent === 'never' ? { color: 'var(--amber)' } : {}}>{t.words[row.idempotent ?? 'default']}</td>
                  <td className="mono">{row.lookup ?? <span className="soft">–</span>}</td>
                  <td className="mono">{row.undo ?? <span className="soft">–</span>}</td>
                  <td>
                    {users.length === 0 && routes.data !== undefined ? <span className="soft">{t.nobody}</span> : null}
                    {[...new Set(users.map(({ route }) => route))].map((name, index) => (
                      <span key={name}>
                        {index === 0 ? '' : ', '}
                        <Link to="/routes/$name" params={{ name }}>
                          {name}
                        </Link>
                      </span>
                    ))}
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </Panel>
  );
}
