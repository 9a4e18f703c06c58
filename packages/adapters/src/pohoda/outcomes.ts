/** From an answer of Pohoda to the outcome of an attempt. The answer is handed on as JSON: later steps map it, people read it. */
import type { Outcome, OutcomeKind } from '@nave/core';
import { tellDetail } from './judge-pack.ts';
import type { ImportDetail, Produced } from './read-response.ts';

export interface Warnings {
  /** Findings of Pohoda that changed something, such as 603. */
  findings: readonly ImportDetail[];
  /** Characters that were written differently. */
  characters: readonly string[];
}

/** An outcome with a JSON answer; `base` is that of the exchange (status, request excerpt). */
export function jsonOutcome(base: Outcome, kind: OutcomeKind, detail: string, data: unknown): Outcome {
  const status = base.status ?? 200;
  const body = Buffer.from(JSON.stringify(data));
  const response = { status, headers: { 'content-type': 'application/json' }, contentType: 'application/json', body };
  return { ...base, kind, detail, response };
}

export function doneOutcome(base: Outcome, produced: Produced, warnings: Warnings, key: string | null): Outcome {
  const { id, number, code, action } = produced;
  const shown = number ?? code;
  const detail = `answered 200: ${shown === null ? `record ${id}` : `${shown} (record ${id})`}${tellWarnings(warnings)}`;
  return jsonOutcome(base, 'ok', detail, { id, number, code, action, extId: key, alreadyDone: false, warnings: warningsOf(warnings) });
}

/** Pohoda had it already: done, with what was found of it. */
export function alreadyOutcome(base: Outcome, found: unknown, note: string, key: string | null): Outcome {
  const record = typeof found === 'object' && found !== null ? found : {};
  const data = { id: null, number: null, code: null, extId: key, ...record, alreadyDone: true, warnings: [{ note }] };
  return jsonOutcome(base, 'ok', `answered 200: already done (${note})`, data);
}

export function refusedOutcome(base: Outcome, note: string, problems: readonly ImportDetail[]): Outcome {
  return jsonOutcome(base, 'rejected', `answered 200, but refused: ${note}`, { error: note, problems });
}

/** Pohoda answered and did nothing: asked again by the policy, and no reason to think that Pohoda is ill. */
export function notYetOutcome(base: Outcome, note: string): Outcome {
  return jsonOutcome(base, 'throttled', `answered 200, but not yet: ${note}`, { error: note });
}

function warningsOf({ findings, characters }: Warnings): readonly unknown[] {
  return [...findings, ...characters.map((change) => ({ state: 'warning', note: `character written differently: ${change}` }))];
}

/** Characters are named, texts are not quoted: an outcome's line may not hold personal data. */
function tellWarnings({ findings, characters }: Warnings): string {
  const told = findings.slice(0, 3).map((finding) => `warning ${tellDetail(finding)}`);
  if (findings.length > 3) told.push(`and ${findings.length - 3} more warnings`);
  if (characters.length > 0) told.push(`characters written differently: ${characters.slice(0, 5).join(', ')}`);
  return told.length === 0 ? '' : `; ${told.join('; ')}`;
}
