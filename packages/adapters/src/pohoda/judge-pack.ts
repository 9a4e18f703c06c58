/** What an answer of Pohoda means: errors stand inside HTTP 200, on three levels, and only all of them together are a success. */
import type { PohodaConfig } from './config.ts';
import type { ImportDetail, Produced, ResponsePack } from './read-response.ts';

export type PackVerdict =
  /** Every level says ok and a record was produced. */
  | { kind: 'done'; produced: Produced; warnings: readonly ImportDetail[] }
  /** Pohoda says that it has this document already. */
  | { kind: 'duplicate'; note: string }
  /** A refusal that passes by itself, as the spoke says. */
  | { kind: 'notYet'; note: string }
  | { kind: 'refused'; note: string; problems: readonly ImportDetail[] };

const NOTE_MAX = 300;
const DUPLICITY = ['již existuje', 'duplicit'];

/** The verdict on a document that was sent. */
export function judgePack(pack: ResponsePack, config: PohodaConfig): PackVerdict {
  const { item } = pack;
  const agenda = item?.agenda ?? null;
  const errors = agenda?.details.filter(({ state }) => state === 'error') ?? [];
  const failed = pack.state === 'error' || item === null || item.state === 'error' || agenda?.state === 'error' || errors.length > 0;
  if (!failed && agenda !== null && agenda.produced !== null) {
    return { kind: 'done', produced: agenda.produced, warnings: agenda.details.filter(({ state }) => state !== 'ok') };
  }
  const notes = failed ? failureNotes(pack, errors) : ['Pohoda says ok, but names no record it made or changed'];
  const note = oneLine(notes.join('; '));
  if (failed && says(notes, config.duplicityPattern ?? DUPLICITY)) return { kind: 'duplicate', note };
  if (failed && says(notes, config.notYetPattern ?? [])) return { kind: 'notYet', note };
  return { kind: 'refused', note: explainIco(note, pack, config), problems: agenda?.details ?? [] };
}

/** Why a pack failed as a whole or in its item, for requests that read; null when it did not. */
export function failureOf(pack: ResponsePack, config: PohodaConfig): string | null {
  const agenda = pack.item?.agenda ?? null;
  const errors = agenda?.details.filter(({ state }) => state === 'error') ?? [];
  const failed =
    pack.state === 'error' || pack.item === null || pack.item.state === 'error' || agenda?.state === 'error' || errors.length > 0;
  return failed ? explainIco(oneLine(failureNotes(pack, errors).join('; ')), pack, config) : null;
}

/** A finding in one line: number, what it says, where. */
export function tellDetail({ errno, note, xpath }: ImportDetail): string {
  return oneLine(`${errno === null ? '' : `${errno} `}${note ?? 'no text'}${xpath === null ? '' : ` (${xpath})`}`);
}

function failureNotes(pack: ResponsePack, errors: readonly ImportDetail[]): string[] {
  const notes = [
    pack.state === 'error' ? pack.note : null,
    pack.item?.state === 'error' ? pack.item.note : null,
    ...errors.slice(0, 5).map(tellDetail),
  ].filter((note) => note !== null);
  return notes.length === 0 ? ['no text'] : [...new Set(notes)];
}

function says(notes: readonly string[], patterns: readonly string[]): boolean {
  const text = folded(notes.join(' '));
  return patterns.some((part) => text.includes(folded(part)));
}

function folded(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
}

function explainIco(note: string, { ico }: ResponsePack, config: PohodaConfig): string {
  return ico === null || ico === config.ico
    ? note
    : `${note}; the accounting unit that is open has the ICO ${oneLine(ico)}, the spoke says ${config.ico}`;
}

function oneLine(text: string): string {
  const line = text.replace(/[\p{Cc}\s]+/gu, ' ').trim();
  return line.length > NOTE_MAX ? `${line.slice(0, NOTE_MAX)}...` : line;
}
