/** The simulated HR system: announces who comes and who goes, signed with an HMAC of its own making. */
import { createHmac } from 'node:crypto';
import { createOutbox, outboxTable, type SentHook, type Signed } from '../kit/outbox.ts';
import { type SimulatedSystem, startSystem } from '../kit/simulated-system.ts';
import type { SenderOptions } from '../shop/index.ts';
import type { EmployeeEvent } from './employee-event.ts';

export interface Hr extends SimulatedSystem {
  announce(event: EmployeeEvent): Promise<SentHook>;
}

export async function startHr({ hookUrl, secret, signal }: SenderOptions): Promise<Hr> {
  const employees = new Map<string, { name: string; department: string; status: string }>();
  const outbox = createOutbox({ hookUrl, signal, faults: () => system.faults });
  const system = await startSystem({
    name: 'hr',
    title: 'HR',
    state: () => ({ employees: Object.fromEntries(employees), sent: outbox.sent() }),
    tables: () => [
      {
        title: 'People',
        columns: ['Login', 'Name', 'Department', 'Status'],
        rows: [...employees].reverse().map(([login, { name, department, status }]) => [login, name, department, status]),
      },
      outboxTable(outbox),
    ],
  });
  return {
    ...system,
    announce(event) {
      const { login, first_name, last_name, department } = event.employee;
      employees.set(login, { name: `${first_name} ${last_name}`, department, status: event.event === 'employee.hired' ? 'hired' : 'left' });
      return outbox.send(event.event_id, event.event, (nowMs) => signHr(secret, nowMs, JSON.stringify(event)));
    },
  };
}

/** `X-HR-Signature: sha256=<hex HMAC-SHA256 of "{timestamp}.{body}">`. */
function signHr(secret: string, nowMs: number, body: string): Signed {
  const timestamp = String(Math.floor(nowMs / 1_000));
  const signature = createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex');
  return { headers: { 'x-hr-timestamp': timestamp, 'x-hr-signature': `sha256=${signature}` }, body };
}
