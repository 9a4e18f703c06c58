/** Which keys do what on this screen. */
import { Dialog } from '../parts/dialog.tsx';
import { useRegisteredShortcuts } from '../parts/use-shortcuts.ts';
import styles from './shell.module.css';
import { useShellTexts } from './shell-texts.ts';

export function ShortcutHelp({ onClose }: { onClose: () => void }) {
  const t = useShellTexts();
  const shortcuts = useRegisteredShortcuts();
  return (
    <Dialog open onClose={onClose} title={t.shortcuts}>
      <dl className={styles['keys']}>
        {shortcuts.map(({ keys, description }) => (
          <div key={`${keys} ${description}`}>
            <dt>
              {keys.split(' ').map((key) => (
                <kbd key={key}>{key.replace('mod', 'Ctrl').replaceAll('+', ' ')}</kbd>
              ))}
            </dt>
            <dd>{description}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
