/** Routing a stored message again, for replays: the store keeps and finds messages, the pipeline knows the routes. */
import type { MessageContent } from '../message/message.ts';
import type { NewDelivery } from './message-store.ts';

export interface RunPlanner {
  /**
   * The first delivery of each run the message would get now.
   * @returns none when no route matches
   * @throws HubError `resource.not-found` when the asked route or version does not exist
   */
  planRuns(message: ReplayedMessage, options: RunOptions): Promise<readonly NewDelivery[]>;
}

export interface ReplayedMessage {
  id: string;
  spoke: string;
  type: string;
  receivedAtMs: number;
  content: MessageContent;
  contentType: string;
  correlationId: string | null;
  orderingKey: string | null;
}

export interface RunOptions {
  /** Only this route, whether or not its spoke and type still match; null = every enabled route that matches. */
  route: string | null;
  /** A version of that route; null = its current one. */
  routeVersion: number | null;
  /** Id of the replay: tells its runs apart from all others of the message. */
  run: string;
  /** A UUIDv7 whose time the delivery ids take. */
  dated: string;
  nowMs: number;
}

/** Where a delivery stands in its run. */
export interface RunPlace {
  deliveryId: string;
  messageId: string;
  route: string;
  routeVersion: number;
  /** Index of the step, from 0. */
  step: number;
  replayId: string | null;
}

/** The delivery that follows a succeeded one: everything that differs from it. */
export interface FollowingStep {
  id: string;
  step: number;
  stepName: string;
  spoke: string;
  operation: string;
}
