/** What PostgreSQL's text can hold: no NUL, no lone surrogates. Whatever callers or systems say is checked or cleaned before it becomes a column. */

/** True for text of 1 to `charactersMax` UTF-16 units that is stored exactly as it is. */
export function isStorable(text: string, charactersMax: number): boolean {
  return text.length > 0 && text.length <= charactersMax && !text.includes('\u0000') && text.isWellFormed();
}

const LINE_MAX = 500;

/** A detail or reason that may quote the other side: bounded, and with nothing that PostgreSQL refuses. */
export function storableLine(text: string): string {
  return text.slice(0, LINE_MAX).replaceAll('\u0000', '').toWellFormed();
}
