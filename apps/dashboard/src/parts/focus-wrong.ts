/** Leads a person to the first field that is marked as wrong. */
import { flushSync } from 'react-dom';

/**
 * @param mark what makes the marks appear; they are drawn before this returns, so that the focus is not taken later from where a person has gone by then
 * @param frame around the fields
 */
export function focusWrong(mark: () => void, frame: HTMLElement | null): void {
  flushSync(mark);
  const wrong = frame?.querySelector<HTMLElement>('[aria-invalid="true"], [role="alert"]');
  const target = wrong?.matches('[aria-invalid="true"]')
    ? wrong
    : (wrong?.parentElement?.querySelector<HTMLElement>('input, textarea, select, button') ?? wrong);
  target?.scrollIntoView({ block: 'center' });
  target?.focus({ preventScroll: true });
}
