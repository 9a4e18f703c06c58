import type { Outcome } from '@nave/core';
import { describe, expect, it } from 'vitest';
import { lookupAnswer } from './lookup-answer.ts';
import { answered } from './test-registry.ts';

function typed(contentType: string, body: string, status = 200): Outcome {
  return {
    ...{ kind: 'ok', status, detail: '', sent: true },
    response: { status, headers: {}, contentType, body: Buffer.from(body) },
  };
}

describe('what a lookup says', () => {
  it.each<[string, Outcome, string]>([
    ['something found', answered('ok', 200, '{"id":1}'), 'done'],
    ['a list with something in it', answered('ok', 200, '[{"id":1}]'), 'done'],
    ['a number', answered('ok', 200, '1'), 'done'],
    ['text', typed('text/plain', 'booked'), 'done'],
    ['a document', typed('application/pdf', '%PDF'), 'done'],
    ['XML', typed('application/xml', '<payment id="1"/>'), 'done'],
    ['404', answered('rejected', 404, '{"error":"no"}'), 'notDone'],
    ['410', answered('rejected', 410), 'notDone'],
    ['a success that its own rule refuses', answered('rejected', 200, '{"data":[]}'), 'notDone'],
    ['204', answered('ok', 204), 'notDone'],
    ...['null', 'false', '""', '[]', '{}', '0'].map((body): [string, Outcome, string] => [body, answered('ok', 200, body), 'notDone']),
    ['blank text', typed('text/plain', ' \n'), 'notDone'],
    ['a 200 of no bytes', answered('ok', 200, ''), 'unsure'],
    ['JSON that is none', answered('ok', 200, '{"id":'), 'unsure'],
    ['a page', typed('text/html; charset=utf-8', '<html></html>'), 'unsure'],
    ['no answer kept', { kind: 'ok', status: 200, detail: '', sent: true }, 'unsure'],
    ['401', answered('rejected', 401), 'unsure'],
    ['403', answered('rejected', 403), 'unsure'],
    ['400', answered('rejected', 400), 'unsure'],
    ['a redirect', answered('rejected', 302), 'unsure'],
    ['refused by the guard', { kind: 'rejected', status: null, detail: '', sent: false }, 'unsure'],
    ['an answer too large', answered('invalid', 200), 'unsure'],
    ['500', answered('fault', 500), 'unsure'],
    ['429', answered('throttled', 429), 'unsure'],
    ['404 called a fault by somebody', answered('fault', 404), 'unsure'],
    ['a timeout', { kind: 'timeout', status: null, detail: '', sent: true }, 'unsure'],
    ['unreachable', { kind: 'unreachable', status: null, detail: '', sent: false }, 'unsure'],
  ])('%s', (_name, outcome, expected) => {
    expect(lookupAnswer(outcome, {})).toBe(expected);
  });

  it('takes no status for an answer that the lookup itself wants to be asked again', () => {
    expect(lookupAnswer(answered('rejected', 404), { retryOn: [404] })).toBe('unsure');
  });
});
