/** The frame of every screen: its title, the answer in words before the data, and the actions that help. */
import { Link, type LinkProps } from '@tanstack/react-router';
import { ChevronLeft } from 'lucide-react';
import { type ReactNode, useEffect } from 'react';
import styles from './page.module.css';

export interface PageProps {
  title: string;
  /** How things are, in words. */
  answer?: ReactNode;
  actions?: ReactNode;
  /** Where it belongs to, such as the list of a detail. */
  back?: { to: LinkProps['to']; label: string };
  /** Takes the whole height; what is inside scrolls. */
  full?: boolean;
  children: ReactNode;
}

export function Page({ title, answer, actions, back, full = false, children }: PageProps) {
  useEffect(() => {
    document.title = `${title} · Nave`;
  }, [title]);
  return (
    <div className={`${styles['page']} ${full ? styles['full'] : ''}`}>
      <header className={styles['head']}>
        <div className={styles['words']}>
          {back === undefined ? null : (
            <Link to={back.to} className={styles['back']}>
              <ChevronLeft size={12} aria-hidden /> {back.label}
            </Link>
          )}
          <h1>{title}</h1>
          {answer === undefined ? null : (
            <div className={styles['answer']} role="status">
              {answer}
            </div>
          )}
        </div>
        {actions === undefined ? null : <div className={styles['actions']}>{actions}</div>}
      </header>
      {children}
    </div>
  );
}

/** A framed part of a page. @param props.flush its content reaches the frame, as tables do */
export function Panel({
  title,
  actions,
  flush = false,
  children,
}: {
  title?: ReactNode;
  actions?: ReactNode;
  flush?: boolean;
  children: ReactNode;
}) {
  return (
    <section className={styles['panel']}>
      {title === undefined ? null : (
        <div className={styles['panelHead']}>
          <h2>{title}</h2>
          {actions}
        </div>
      )}
      <div className={`${styles['panelBody']} ${flush ? styles['flush'] : ''}`}>{children}</div>
    </section>
  );
}
