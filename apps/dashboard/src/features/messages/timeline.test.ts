import { describe, expect, it } from 'vitest';
import { flowSteps } from './flow-steps.ts';
import { attempt, delivery, message } from './message-fixture.ts';
import { runsOf } from './runs.ts';
import { timelineOf } from './timeline.ts';

const at = (second: number) => `2026-11-21T18:00:0${second}.000Z`;
const first = delivery({
  id: 'd1',
  createdAt: at(0),
  finishedAt: at(2),
  attemptCount: 2,
  attempts: [attempt(1, 'fault', 500, at(1)), attempt(2, 'ok', 200, at(2))],
});
const second = delivery({
  id: 'd2',
  step: 'ship',
  spoke: 'stock',
  createdAt: at(2),
  finishedAt: null,
  state: 'held',
  heldBy: 'lane',
  blockedBy: 'd9',
});
const again = delivery({ id: 'd3', createdAt: at(5), finishedAt: at(6), replayOf: 'd1' });

describe('runs', () => {
  it('puts the steps of a route into one run, and a replay into another that takes its place', () => {
    const runs = runsOf([again, second, first]);
    expect(runs.map((run) => [run.deliveries.map(({ id }) => id), run.replay, run.superseded])).toEqual([
      [['d1', 'd2'], false, true],
      [['d3'], true, false],
    ]);
  });

  it('begins a new run with another version of the route', () => {
    expect(runsOf([first, { ...second, routeVersion: 2 }])).toHaveLength(2);
  });
});

describe('the steps of a run', () => {
  const steps = [
    { name: 'invoice', to: 'erp', operation: 'createInvoice', input: null },
    { name: 'ship', to: 'stock', operation: null, input: null },
    { name: 'tell', to: 'crm', operation: 'notify', input: null },
  ];
  const run = (deliveries: Parameters<typeof runsOf>[0]) => runsOf(deliveries)[0] ?? expect.fail('no run');

  it('shows what was made, with its time, and what is to come', () => {
    expect(flowSteps(run([first, second]), { steps }).map(({ name, fate, durationMs }) => [name, fate, durationMs])).toEqual([
      ['invoice', 'made', 2_000],
      ['ship', 'made', null],
      ['tell', 'comes', null],
    ]);
  });

  it('knows that nothing follows what was given up', () => {
    const gone = flowSteps(run([{ ...first, state: 'skipped' }]), { steps });
    expect(gone.map(({ fate }) => fate)).toEqual(['made', 'never', 'never']);
  });

  it('shows what was made when the version is not known', () => {
    expect(flowSteps(run([first, second]), null).map(({ name }) => name)).toEqual(['invoice', 'ship']);
  });
});

describe('the timeline', () => {
  it('has everything in order, and ends with what is waited for', () => {
    const entries = timelineOf(message([first, second, again], { receivedAt: at(0) }));
    expect(entries.map(({ kind, at: when }) => [kind, when])).toEqual([
      ['received', at(0)],
      ['planned', at(0)],
      ['attempt', at(1)],
      ['planned', at(2)],
      ['attempt', at(2)],
      ['ended', at(2)],
      ['replayed', at(5)],
      ['ended', at(6)],
      ['waiting', at(2)],
    ]);
    expect(new Set(entries.map(({ key }) => key)).size).toBe(entries.length);
  });

  it('says how many attempts it leaves out', () => {
    const late = delivery({ attempts: [attempt(101, 'fault', 500)], attemptCount: 101, state: 'retrying', finishedAt: null });
    expect(timelineOf(message([late]))).toContainEqual(expect.objectContaining({ kind: 'omitted', count: 100 }));
  });

  it('says so when no route takes a message', () => {
    expect(timelineOf(message([], { state: 'unrouted' })).map(({ kind }) => kind)).toEqual(['received', 'unrouted']);
  });
});
