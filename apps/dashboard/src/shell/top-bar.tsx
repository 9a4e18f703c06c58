/** Search, commands, what fires, and the one who is signed in. */

import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { Bell, Command, Languages, LogOut, Moon, Search, Sun, SunMoon, User } from 'lucide-react';
import { type FormEvent, useRef, useState } from 'react';
import { firingQuery } from '../api/attention.ts';
import { useLiveState } from '../api/live.ts';
import { useSession, useSignOut } from '../api/session.ts';
import { setPreferences, THEMES, usePreferences } from '../i18n/preferences.ts';
import { buttonClass, IconButton } from '../parts/button.tsx';
import { Menu } from '../parts/menu.tsx';
import { Tooltip } from '../parts/tooltip.tsx';
import { useShortcuts } from '../parts/use-shortcuts.ts';
import styles from './shell.module.css';
import { useShellTexts } from './shell-texts.ts';

const THEME_ICONS = { system: SunMoon, light: Sun, dark: Moon };

export function TopBar({ onPalette }: { onPalette: () => void }) {
  const t = useShellTexts();
  return (
    <header className={styles['topBar']}>
      <SearchBox />
      <div className={styles['topActions']}>
        <HubName />
        <LiveSign />
        <IconButton label={`${t.commands} (Ctrl K)`} icon={<Command aria-hidden />} onClick={onPalette} />
        <AlertsBell />
        <Account />
      </div>
    </header>
  );
}

function SearchBox() {
  const t = useShellTexts();
  const navigate = useNavigate();
  const [text, setText] = useState('');
  const input = useRef<HTMLInputElement>(null);
  useShortcuts([{ keys: '/', description: t.search, run: () => input.current?.focus() }]);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const q = text.trim();
    if (q !== '') void navigate({ to: '/messages', search: { q } });
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: the element search is not known to all browsers yet
    <form role="search" className={styles['search']} onSubmit={submit}>
      <Search aria-hidden />
      <input
        ref={input}
        type="search"
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        onKeyDown={(event) => event.key === 'Escape' && event.currentTarget.blur()}
        placeholder={t.searchHint}
        aria-label={t.search}
        maxLength={255}
      />
      <kbd aria-hidden>/</kbd>
    </form>
  );
}

/** Which hub this is: people look at a test and a production one in two tabs. */
function HubName() {
  const t = useShellTexts();
  const { host } = window.location;
  return (
    <span className={styles['hub']} title={t.hub(host)}>
      {host}
    </span>
  );
}

function LiveSign() {
  const t = useShellTexts();
  const state = useLiveState();
  return (
    <span className={styles['live']} data-live={state}>
      {t.live[state]}
    </span>
  );
}

function AlertsBell() {
  const t = useShellTexts();
  const count = useQuery(firingQuery).data?.items.length ?? 0;
  return (
    <Tooltip text={t.firing(count)}>
      <Link to="/alerts" className={`${buttonClass('ghost')} ${styles['bell']}`} aria-label={t.firing(count)}>
        <Bell aria-hidden />
        {count > 0 ? <span className={styles['count']}>{count > 99 ? '99+' : count}</span> : null}
      </Link>
    </Tooltip>
  );
}

function Account() {
  const t = useShellTexts();
  const session = useSession();
  const signOut = useSignOut();
  const { language, theme } = usePreferences();
  return (
    <Menu
      label={session === null ? t.account : t.signedInAs(session.name, session.role, window.location.host)}
      trigger={<IconButton label={t.account} icon={<User aria-hidden />} />}
      items={[
        ...THEMES.filter((one) => one !== theme).map((one) => {
          const Icon = THEME_ICONS[one];
          return { label: t.theme[one], icon: <Icon aria-hidden />, onSelect: () => setPreferences({ theme: one }) };
        }),
        {
          label: t.language,
          icon: <Languages aria-hidden />,
          onSelect: () => setPreferences({ language: language === 'en' ? 'cs' : 'en' }),
        },
        { label: t.signOut, icon: <LogOut aria-hidden />, separated: true, onSelect: () => void signOut() },
      ]}
    />
  );
}
