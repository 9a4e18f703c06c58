/** The screens, always at the same place: a rail, or a bottom bar with the rest behind "More". */
import { Link, useNavigate } from '@tanstack/react-router';
import { Ellipsis } from 'lucide-react';
import { Menu } from '../parts/menu.tsx';
import { Logo } from './logo.tsx';
import { NAVIGATION, type NavigationItem } from './navigation.ts';
import styles from './shell.module.css';
import { useShellTexts } from './shell-texts.ts';
import { useAttention } from './use-attention.ts';

export function Rail() {
  const t = useShellTexts();
  const navigate = useNavigate();
  const attention = useAttention();
  const rest = NAVIGATION.filter(({ main }) => !main);
  return (
    <nav className={styles['rail']} aria-label={t.navigation}>
      <Link to="/" className={styles['brand']} aria-label="Nave">
        <Logo />
        <span>Nave</span>
      </Link>
      <ul>
        {NAVIGATION.map((item) => (
          <li key={item.word} data-main={item.main}>
            <RailLink item={item} count={attention[item.word] ?? 0} />
          </li>
        ))}
        <li className={styles['moreItem']}>
          <Menu
            trigger={
              <button type="button" className={styles['railLink']}>
                <Ellipsis aria-hidden />
                <span>{t.more}</span>
              </button>
            }
            items={rest.map(({ word, icon: Icon, to }) => ({
              label: t[word],
              icon: <Icon aria-hidden />,
              onSelect: () => void navigate({ to }),
            }))}
          />
        </li>
      </ul>
    </nav>
  );
}

function RailLink({ item: { to, word, icon: Icon }, count }: { item: NavigationItem; count: number }) {
  const t = useShellTexts();
  return (
    <Link to={to} className={styles['railLink']} activeOptions={{ exact: to === '/', includeSearch: false }}>
      <Icon aria-hidden />
      <span>{t[word]}</span>
      {count > 0 ? <span className={styles['count']}>{count > 99 ? '99+' : count}</span> : null}
    </Link>
  );
}
