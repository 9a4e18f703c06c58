/** Calls of reply routes (contract section 4). */
import { Type } from 'typebox';
import { Id, nullable, Problem } from './common.ts';

/** A problem of a call: what is stored of it, and how far it came. */
export const CallProblem = Type.Object(
  {
    ...Problem.properties,
    messageId: Type.Optional(nullable(Id)),
    outcome: Type.Optional(nullable(Type.String({ description: 'Class of the last attempt: rejected, fault, timeout, ...' }))),
    spokeStatus: Type.Optional(nullable(Type.Integer({ description: 'What the spoke answered with' }))),
  },
  { title: 'CallProblem' },
);
