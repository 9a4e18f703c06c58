/** The frame: rail at the left (a bottom bar on narrow screens), top bar, and the screen. */
import { Outlet, useNavigate } from '@tanstack/react-router';
import { lazy, Suspense, useState } from 'react';
import { Toasts } from '../parts/toasts.tsx';
import { useShortcuts } from '../parts/use-shortcuts.ts';
import { NAVIGATION } from './navigation.ts';
import { OfflineBar } from './offline-bar.tsx';
import { Rail } from './rail.tsx';
import styles from './shell.module.css';
import { useShellTexts } from './shell-texts.ts';
import { TopBar } from './top-bar.tsx';

const CommandPalette = lazy(() => import('./command-palette.tsx').then(({ CommandPalette: component }) => ({ default: component })));
const ShortcutHelp = lazy(() => import('./shortcut-help.tsx').then(({ ShortcutHelp: component }) => ({ default: component })));

export function AppLayout() {
  const t = useShellTexts();
  const navigate = useNavigate();
  const [shown, setShown] = useState<'palette' | 'help' | null>(null);
  useShortcuts([
    ...NAVIGATION.map(({ to, word, keys }) => ({ keys, description: t[word], run: () => void navigate({ to }) })),
    { keys: 'mod+k', description: t.commands, run: () => setShown('palette'), always: true },
    { keys: '?', description: t.shortcuts, run: () => setShown('help') },
  ]);
  return (
    <div className={styles['app']}>
      <a href="#content" className={styles['skip']}>
        {t.skip}
      </a>
      <Rail />
      <div className={styles['column']}>
        <TopBar onPalette={() => setShown('palette')} />
        <OfflineBar />
        <main id="content" className={styles['content']} tabIndex={-1}>
          <Outlet />
        </main>
      </div>
      <Toasts />
      <Suspense>
        {shown === 'palette' ? <CommandPalette onClose={() => setShown(null)} /> : null}
        {shown === 'help' ? <ShortcutHelp onClose={() => setShown(null)} /> : null}
      </Suspense>
    </div>
  );
}
