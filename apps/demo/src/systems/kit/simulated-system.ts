/** What every simulated system has: a port of its own, a page and JSON of its state, faults that can be switched. */
import { setTimeout as wait } from 'node:timers/promises';
import Fastify, { type FastifyInstance, type FastifyRequest } from 'fastify';
import { createFaultSwitch, type Fault, type FaultSwitch, parseFault } from './fault.ts';
import { renderStatePage, type StateTable } from './state-page.ts';

export interface SimulatedSystem {
  readonly name: string;
  readonly title: string;
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  readonly faults: FaultSwitch;
  close(): Promise<void>;
}

export interface SystemPlan {
  name: string;
  title: string;
  /** Registers what the system can do; its requests run into faults, the pages below do not. */
  routes?: (app: FastifyInstance) => void;
  /** What `GET /state` answers. */
  state: () => unknown;
  /** What `GET /` shows. */
  tables: () => readonly StateTable[];
  /** Senders apply their faults to what they send, not to what they answer. */
  faultsOnRequests?: boolean;
  /** For systems that answer elsewhere and are only shown here: told what a person switched. */
  onFault?: (fault: Fault) => void;
}

/** Starts on a free port of 127.0.0.1: `GET /`, `GET /state`, `GET /faults`, `POST /faults {"mode":"ok|down|slow|flaky"}` and its own routes. */
export async function startSystem(plan: SystemPlan): Promise<SimulatedSystem> {
  const faults = createFaultSwitch();
  const app = Fastify({ logger: false, forceCloseConnections: true, bodyLimit: 1_048_576 });

  app.get('/', async (_request, reply) =>
    reply.type('text/html; charset=utf-8').send(renderStatePage(plan.title, faults.current(), plan.tables())),
  );
  app.get('/state', async () => plan.state());
  app.get('/faults', async () => faults.current());
  app.post('/faults', async (request, reply) => {
    const fault = parseFault(request.body);
    if (typeof fault === 'string') return reply.code(400).send({ error: fault });
    faults.set(fault);
    plan.onFault?.(fault);
    return fault;
  });

  const routes = plan.routes;
  if (routes)
    await app.register(async (own) => {
      if (plan.faultsOnRequests !== false)
        own.addHook('preHandler', async (request, reply) => {
          const effect = faults.effectOn(requestKey(request), JSON.stringify(request.body ?? request.url));
          if (effect.kind === 'wait') await wait(effect.ms);
          if (effect.kind === 'fail') return reply.code(effect.status).send({ error: `${plan.title} is out of order` });
        });
      routes(own);
    });

  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  return { name: plan.name, title: plan.title, url, faults, close: () => app.close() };
}

function requestKey(request: FastifyRequest): string {
  const key = request.headers['idempotency-key'];
  return typeof key === 'string' ? key : `${request.method} ${request.url}`;
}
