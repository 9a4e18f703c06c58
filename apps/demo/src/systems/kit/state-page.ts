/** The page a simulated system shows of itself: its tables, plain, renewed by the browser every few seconds. */
import type { Fault } from './fault.ts';

export interface StateTable {
  title: string;
  columns: readonly string[];
  /** Newest first. */
  rows: readonly (readonly string[])[];
}

const ROWS_SHOWN = 200;
const STYLE =
  'body{font:13px/1.45 system-ui,sans-serif;margin:24px;max-width:1100px}table{border-collapse:collapse;margin:8px 0 24px}' +
  'td,th{text-align:left;padding:4px 12px 4px 0;border-bottom:1px solid #8884;font-variant-numeric:tabular-nums}h1{font-size:18px}h2{font-size:15px}' +
  ':root{color-scheme:light dark}';

/** HTML, complete; every value is escaped, since names come from outside. */
export function renderStatePage(title: string, fault: Fault, tables: readonly StateTable[]): string {
  const parts = tables.map(
    ({ title: heading, columns, rows }) =>
      `<h2>${escapeHtml(heading)} (${rows.length})</h2><table><tr>${columns.map((name) => `<th>${escapeHtml(name)}</th>`).join('')}</tr>` +
      `${rows
        .slice(0, ROWS_SHOWN)
        .map((row) => `<tr>${row.map((cell) => `<td>${escapeHtml(cell)}</td>`).join('')}</tr>`)
        .join('')}</table>`,
  );
  return (
    `<!doctype html><html lang="en"><meta charset="utf-8"><meta http-equiv="refresh" content="3"><title>${escapeHtml(title)}</title>` +
    `<style>${STYLE}</style><h1>${escapeHtml(title)}</h1><p>Simulated. Fault: <b>${escapeHtml(fault.mode)}</b>. The same as JSON: ` +
    `<a href="/state">/state</a></p>${parts.join('')}</html>`
  );
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
