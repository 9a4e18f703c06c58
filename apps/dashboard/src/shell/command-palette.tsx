/** Ctrl/Cmd-K: any screen, spoke, route, or a message by what is known of it. */
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Command } from 'cmdk';
import { CircleDot, Plus, Route, Search } from 'lucide-react';
import { useState } from 'react';
import { hub } from '../api/client.ts';
import { useMay } from '../api/session.ts';
import { NAVIGATION } from './navigation.ts';
import styles from './palette.module.css';
import { useShellTexts } from './shell-texts.ts';

const NAMES_MAX = 200;

export function CommandPalette({ onClose }: { onClose: () => void }) {
  const t = useShellTexts();
  const navigate = useNavigate();
  const mayEdit = useMay('admin');
  const [text, setText] = useState('');
  const spokes = useQuery({ queryKey: ['spokes', 'names'], queryFn: () => hub.spokes.list({ limit: NAMES_MAX }) });
  const routes = useQuery({ queryKey: ['routes', 'names'], queryFn: () => hub.routes.list({ limit: NAMES_MAX }) });
  const q = text.trim();
  const run = (action: () => unknown) => () => {
    onClose();
    action();
  };
  return (
    <Command.Dialog
      open
      onOpenChange={(next) => !next && onClose()}
      label={t.commands}
      overlayClassName={styles['overlay'] ?? ''}
      contentClassName={styles['palette'] ?? ''}
    >
      <Command.Input value={text} onValueChange={setText} placeholder={t.paletteHint} className={styles['input']} maxLength={255} />
      <Command.List className={styles['list']}>
        <Command.Empty className={styles['empty']}>{t.paletteNone}</Command.Empty>
        <Command.Group heading={t.goTo} className={styles['group']}>
          {NAVIGATION.map(({ to, word, icon: Icon, keys }) => (
            <Command.Item key={word} value={`${t[word]} ${word}`} className={styles['item']} onSelect={run(() => navigate({ to }))}>
              <Icon aria-hidden /> {t[word]} <kbd>{keys}</kbd>
            </Command.Item>
          ))}
        </Command.Group>
        {q === '' ? null : (
          <Command.Group heading={t.messages} className={styles['group']} forceMount>
            <Command.Item
              value={`find ${q}`}
              forceMount
              className={styles['item']}
              onSelect={run(() => navigate({ to: '/messages', search: { q } }))}
            >
              <Search aria-hidden /> {t.findMessage(q)}
            </Command.Item>
          </Command.Group>
        )}
        <Command.Group heading={t.spokes} className={styles['group']}>
          {(spokes.data?.items ?? []).map(({ name, title }) => (
            <Command.Item
              key={name}
              value={`spoke ${name} ${title}`}
              className={styles['item']}
              onSelect={run(() => navigate({ to: '/spokes/$name', params: { name } }))}
            >
              <CircleDot aria-hidden /> {name} <span className="soft">{title}</span>
            </Command.Item>
          ))}
        </Command.Group>
        <Command.Group heading={t.routes} className={styles['group']}>
          {(routes.data?.items ?? []).map(({ name }) => (
            <Command.Item
              key={name}
              value={`route ${name}`}
              className={styles['item']}
              onSelect={run(() => navigate({ to: '/routes/$name', params: { name } }))}
            >
              <Route aria-hidden /> {name}
            </Command.Item>
          ))}
        </Command.Group>
        {mayEdit ? (
          <Command.Group heading={t.actions} className={styles['group']}>
            <Command.Item value={t.addSpoke} className={styles['item']} onSelect={run(() => navigate({ to: '/spokes/new' }))}>
              <Plus aria-hidden /> {t.addSpoke}
            </Command.Item>
            <Command.Item value={t.addRoute} className={styles['item']} onSelect={run(() => navigate({ to: '/routes/new' }))}>
              <Plus aria-hidden /> {t.addRoute}
            </Command.Item>
          </Command.Group>
        ) : null}
      </Command.List>
    </Command.Dialog>
  );
}
