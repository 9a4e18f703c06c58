import { timeOfUuid } from '@nave/core';
import { describe, expect, it } from 'vitest';
import { createStepPlanner, followingStep } from './plan-next-step.ts';
import { routeOf } from './test-registry.ts';

const place = {
  deliveryId: '01a1fd7f-f248-7ed2-bdac-25ed27010a1f',
  messageId: '01a1fd7f-f248-7200-ae60-704d643d5187',
  route: 'orders',
  routeVersion: 1,
  step: 0,
  replayId: null,
};
const route = routeOf({ name: 'orders', steps: [{ name: 'bill' }, { name: 'ship', to: 'crm' }] });

describe('the step that follows', () => {
  it('is the next of the version, with the same id whoever makes it, in the time of its run', () => {
    const following = followingStep(place, route);
    expect(following).toMatchObject({ step: 1, stepName: 'ship', spoke: 'crm', operation: 'create' });
    expect(followingStep({ ...place }, route)).toEqual(following);
    expect(timeOfUuid(following?.id ?? '')).toBe(timeOfUuid(place.deliveryId));
    expect(followingStep({ ...place, replayId: place.messageId }, route)?.id).not.toBe(following?.id);
  });

  it('is none after the last step, and none for a version that is gone', async () => {
    expect(followingStep({ ...place, step: 1 }, route)).toBeNull();
    expect(await createStepPlanner({ routeVersion: async () => null })(place)).toBeNull();
  });
});
