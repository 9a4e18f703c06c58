import { describe, expect, it } from 'vitest';
import { joinProblems, missingFields, stillWrong } from './field-problems.ts';
import { documentOf, emptyDocument } from './route-document.ts';

const document = documentOf({ from: { spoke: 'shop', type: 'a' }, when: 'data.', steps: [{ name: 'a', to: 'erp', input: '((' }] });
const at = (path: string, message = 'wrong', position: number | null = null) => ({ path, message, position });

describe('problems of fields', () => {
  it('of a refusal end when their field is changed, and only then', () => {
    const told = [at('/when'), at('/steps/0/input'), at('/steps/0/operation')];
    expect(stillWrong(told, document, document)).toEqual(told);
    expect(stillWrong(told, document, { ...document, when: 'data.ok' }).map(({ path }) => path)).toEqual([
      '/steps/0/input',
      '/steps/0/operation',
    ]);
    expect(stillWrong(told, document, { ...document, steps: [] }).map(({ path }) => path)).toEqual(['/when', '/steps/0/operation']);
  });

  it('are told once, with the position where one source knows it', () => {
    expect(joinProblems([at('/when')], [at('/when', 'wrong', 5), at('/when', 'other')])).toEqual([
      at('/when', 'wrong', 5),
      at('/when', 'other'),
    ]);
  });

  it('name the fields that a route cannot be without', () => {
    expect(missingFields(emptyDocument(), 'x').map(({ path }) => path)).toEqual([
      '/from/spoke',
      '/from/type',
      '/steps/0/name',
      '/steps/0/to',
    ]);
    expect(missingFields(document, 'x')).toEqual([]);
  });
});
