/** A URL that leads nowhere. */
import { Link } from '@tanstack/react-router';
import { MapPinOff } from 'lucide-react';
import { defineTexts } from '../i18n/texts.ts';
import { buttonClass } from '../parts/button.tsx';
import { EmptyState } from '../parts/empty-state.tsx';
import { Page } from '../parts/page.tsx';

const useTexts = defineTexts({
  en: {
    page: 'Not found',
    title: 'There is no such page',
    words: 'The link may be from another version, or what it showed is gone.',
    home: 'Go to the overview',
  },
  cs: {
    page: 'Nenalezeno',
    title: 'Taková stránka tu není',
    words: 'Odkaz může být z jiné verze, nebo to, co ukazoval, už neexistuje.',
    home: 'Přejít na přehled',
  },
});

export function NotFound() {
  const t = useTexts();
  return (
    <Page title={t.page}>
      <EmptyState
        icon={<MapPinOff aria-hidden />}
        title={t.title}
        action={
          <Link to="/" className={buttonClass()}>
            {t.home}
          </Link>
        }
      >
        {t.words}
      </EmptyState>
    </Page>
  );
}
