/** The port of flow control over the pool of the hot statements. */
import type { FlowStore } from '@nave/core';
import type pg from 'pg';
import { storeError } from '../database.ts';
import { changeFlows, readFlows, tidyFlows } from './flow-rows.ts';
import { makeDue, probeCandidates, relabel, release, undrained } from './kept-back.ts';

export function createFlowStore(pool: pg.Pool): FlowStore {
  return {
    read: () => classified(readFlows(pool)),
    change: (events) => classified(changeFlows(pool, events)),
    tidy: () => classified(tidyFlows(pool)),
    undrained: () => classified(undrained(pool)),
    release: (spoke, limit) => classified(release(pool, spoke, limit)),
    relabel: (spoke, limit) => classified(relabel(pool, spoke, limit)),
    probeCandidates: (spoke, limit) => classified(probeCandidates(pool, spoke, limit)),
    makeDue: (id) => classified(makeDue(pool, id)),
  };
}

async function classified<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw storeError(error);
  }
}
