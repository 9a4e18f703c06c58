/** Why a SOAP call is refused: an error of the hub, where SOAP has a code of its own for it, that too. */
import { HubError } from '@nave/core';
import type { XmlElement } from '@nave/protocols';

export interface SoapRefusal {
  error: HubError;
  /** Null: the side to blame, by the error's status. */
  code: 'VersionMismatch' | 'MustUnderstand' | null;
  /** Header blocks that nobody here understands. */
  notUnderstood: readonly XmlElement[];
  /** The message that was stored nevertheless. */
  messageId: string | null;
  /** What a reply route said to its caller. */
  answer: string | null;
}

export function refusal(error: HubError, more: Partial<SoapRefusal> = {}): { ok: false; refusal: SoapRefusal } {
  return { ok: false, refusal: { error, code: null, notUnderstood: [], messageId: null, answer: null, ...more } };
}

export function malformed(detail: string): { ok: false; refusal: SoapRefusal } {
  return refusal(new HubError('request.malformed', { detail }));
}
