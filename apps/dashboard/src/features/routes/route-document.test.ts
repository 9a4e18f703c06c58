import { describe, expect, it } from 'vitest';
import { documentOf, emptyDocument, freeStepName, inputOf, movedStep, newStep, sameDocument } from './route-document.ts';

const full = {
  from: { spoke: 'shop', type: 'price.asked' },
  when: 'data.n > 0',
  orderingKey: 'data.c',
  steps: [{ name: 'ask', to: 'erp', operation: 'price', input: '{ "sku": $path }', atMostOnce: true }],
  mode: 'reply' as const,
  timeout: '3s',
  reply: { status: 201, headers: { 'X-List': 'steps.ask.list' }, body: 'steps.ask' },
  onTimeout: 'cancel' as const,
  cache: { key: '$path', ttl: '30s' },
  enabled: false,
};

describe('a route being written', () => {
  it('gives back all that it was made of', () => {
    expect(inputOf(documentOf(full))).toEqual(full);
    const calculated = { ...full, reply: { status: '$response("ask").status' } };
    expect(inputOf(documentOf(calculated))).toEqual(calculated);
  });

  it('leaves out what is empty, and what the mode does not have, without forgetting it', () => {
    expect(inputOf({ ...emptyDocument(), spoke: 'shop', type: '**' })).toEqual({
      from: { spoke: 'shop', type: '**' },
      steps: [{ name: '', to: '' }],
    });
    const document = documentOf(full);
    const { mode, timeout, reply, onTimeout, cache, ...rest } = full;
    const switched = { ...document, mode: 'async' as const };
    expect(inputOf(switched)).toEqual(rest);
    expect(inputOf({ ...switched, mode })).toEqual({ ...rest, mode, timeout, reply, onTimeout, cache });
  });

  it('is the same when it would be stored the same', () => {
    expect(sameDocument(documentOf(full), documentOf(full))).toBe(true);
    expect(sameDocument(documentOf({ ...full, when: null }), documentOf({ ...full, when: '' }))).toBe(true);
    expect(sameDocument(documentOf(full), documentOf({ ...full, enabled: true }))).toBe(false);
  });

  it('keeps the cards of its steps when only their texts changed', () => {
    const before = documentOf(full);
    const [step] = documentOf({ ...full, steps: [{ ...full.steps[0], name: 'other', to: 'erp' }] }, before).steps;
    expect([step?.id, step?.name]).toEqual([before.steps[0]?.id, 'other']);
  });

  it('names and moves steps', () => {
    const steps = [newStep('a'), newStep('step-3'), newStep('b')];
    expect([
      freeStepName(steps),
      freeStepName([newStep('a'), newStep('step-3')]),
      freeStepName(steps, 'b'),
      freeStepName(steps, 'c'),
    ]).toEqual(['step-4', 'step-4', 'b-2', 'c']);
    expect(movedStep(steps, 2, -1).map(({ name }) => name)).toEqual(['a', 'b', 'step-3']);
    expect(movedStep(steps, 0, -1)).toBe(steps);
    expect(movedStep(steps, 2, 1)).toBe(steps);
  });
});
