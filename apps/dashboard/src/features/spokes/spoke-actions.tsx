/** What can be done with a spoke from a menu, and the dialog that each of them asks in. */
import type { Spoke } from '@nave/api-schema';
import { Ban, CirclePause, CirclePlay, Power, Stethoscope, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { defineTexts } from '../../i18n/texts.ts';
import type { MenuItem } from '../../parts/menu.tsx';
import { CheckDialog } from './check-dialog.tsx';
import { DeleteDialog } from './delete-dialog.tsx';
import { DisableDialog } from './disable-dialog.tsx';
import { PauseDialog } from './pause-dialog.tsx';
import { ResumeDialog } from './resume-dialog.tsx';
import { takesDeliveries } from './spoke-health.ts';

export type SpokeAction = 'pause' | 'resume' | 'check' | 'enable' | 'disable' | 'delete';

export const useActionTexts = defineTexts({
  en: {
    pause: 'Pause',
    resume: 'Resume',
    check: 'Check',
    enable: 'Enable',
    disable: 'Disable',
    delete: 'Delete',
  },
  cs: {
    pause: 'Pozastavit',
    resume: 'Spustit',
    check: 'Vyzkoušet spojení',
    enable: 'Zapnout',
    disable: 'Vypnout',
    delete: 'Smazat',
  },
});

export interface SpokeActions {
  ask: (action: SpokeAction, spoke: Spoke) => void;
  menuOf: (spoke: Spoke) => MenuItem[];
  asked: { action: SpokeAction; spoke: Spoke } | null;
  close: () => void;
}

export function useSpokeActions(): SpokeActions {
  const t = useActionTexts();
  const [asked, setAsked] = useState<SpokeActions['asked']>(null);
  const ask = (action: SpokeAction, spoke: Spoke) => setAsked({ action, spoke });
  return {
    ask,
    asked,
    close: () => setAsked(null),
    menuOf: (spoke) => [
      ...(takesDeliveries(spoke)
        ? [
            spoke.paused
              ? { label: t.resume, icon: <CirclePlay aria-hidden />, needs: 'operator' as const, onSelect: () => ask('resume', spoke) }
              : { label: t.pause, icon: <CirclePause aria-hidden />, needs: 'operator' as const, onSelect: () => ask('pause', spoke) },
            { label: t.check, icon: <Stethoscope aria-hidden />, needs: 'operator' as const, onSelect: () => ask('check', spoke) },
          ]
        : []),
      spoke.enabled
        ? { label: t.disable, icon: <Ban aria-hidden />, needs: 'admin', separated: true, onSelect: () => ask('disable', spoke) }
        : { label: t.enable, icon: <Power aria-hidden />, needs: 'admin', separated: true, onSelect: () => ask('enable', spoke) },
      { label: t.delete, icon: <Trash2 aria-hidden />, needs: 'admin', danger: true, onSelect: () => ask('delete', spoke) },
    ],
  };
}

/** @param props.onDeleted leaves a page that is about the spoke */
export function SpokeDialogs({ actions, onDeleted }: { actions: SpokeActions; onDeleted?: () => void }) {
  if (actions.asked === null) return null;
  const { action, spoke } = actions.asked;
  const { close } = actions;
  if (action === 'pause') return <PauseDialog spoke={spoke} onClose={close} />;
  if (action === 'resume') return <ResumeDialog spoke={spoke} onClose={close} />;
  if (action === 'check') return <CheckDialog spoke={spoke} onClose={close} />;
  if (action === 'delete') return <DeleteDialog spoke={spoke} onClose={close} onDeleted={onDeleted ?? (() => undefined)} />;
  return <DisableDialog spoke={spoke} onClose={close} />;
}
