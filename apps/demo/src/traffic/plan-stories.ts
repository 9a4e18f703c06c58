/** What happens in the blueprints during a run: every three rounds a set of stories begins, one for each blueprint. The same options give the same plan. */
import { totalOf } from '../systems/named/story-event.ts';
import { CUSTOMERS, HIRES } from './people.ts';
import type { Planned, TrafficOptions } from './plan-traffic.ts';

const ROUNDS_OF_A_SET = 3;
const POSITIONS = {
  first: { department: 'Sales', position: 'Account manager' },
  second: { department: 'Finance', position: 'Team lead' },
} as const;

/** In no certain order. The last steps of a set may come after the last round. */
export function planStories({ run, rounds, roundMs, startMs }: Pick<TrafficOptions, 'run' | 'rounds' | 'roundMs' | 'startMs'>): Planned[] {
  const planned: Planned[] = [];
  for (let set = 0; set * ROUNDS_OF_A_SET < rounds; set++) {
    const tell = (round: number, event: Extract<Planned['happening'], { kind: 'story' }>['event']) =>
      planned.push({ atMs: Math.round((set * ROUNDS_OF_A_SET + round) * roundMs), happening: { kind: 'story', event } });
    const index = run * 1_000 + set + 1;
    const customer = CUSTOMERS[set % CUSTOMERS.length] ?? CUSTOMERS[0];
    const hire = HIRES[set % HIRES.length] ?? HIRES[0];

    const order = { number: `B-${index}`, quantity: 1 + (set % 4) };
    const names = { firstName: customer.first, lastName: customer.last };
    const email = `${customer.latin}.${index}@example.cz`;
    const placedAt = new Date(startMs + set * ROUNDS_OF_A_SET * roundMs).toISOString();
    tell(0.2, { story: 'order', spoke: 'eshop', id: `msg_eshop_${index}`, ...order, placedAt, ...names, email });
    tell(0.7, { story: 'order', spoke: 'legacy-shop', id: `soap_${index}`, ...order, number: `L-${index}`, placedAt, ...names, email });
    tell(1.2, { story: 'payment', number: order.number, buyer: `${customer.first} ${customer.last}`, amount: totalOf(order.quantity) });

    // The same person twice: once as the keyboard of a telephone begins words, once shouting.
    tell(0.35, {
      story: 'lead',
      id: `form-${index}-1`,
      email: email.replace(/^./, (letter) => letter.toUpperCase()),
      ...names,
      company: '',
    });
    tell(1.4, { story: 'lead', id: `form-${index}-2`, email: ` ${email.toUpperCase()} `, ...names, company: 'Kavárna s. r. o.' });

    const employee = {
      ...{ number: `P-${index}`, first_name: hire.first, last_name: hire.last, login: `${hire.latin.slice(0, 12)}.${index}`.slice(0, 20) },
      ...{ email: `${hire.latin}.${index}@kavarna.example`, phone: `+420 777 ${String(index).padStart(6, '0')}` },
    };
    tell(0.5, { story: 'person', id: `people-${index}-hired`, event: 'employee.hired', employee: { ...employee, ...POSITIONS.first } });
    tell(1.5, { story: 'person', id: `people-${index}-moved`, event: 'employee.moved', employee: { ...employee, ...POSITIONS.second } });
    // Every second one stays.
    if (set % 2 === 0)
      tell(2.5, { story: 'person', id: `people-${index}-left`, event: 'employee.left', employee: { ...employee, ...POSITIONS.second } });
  }
  return planned;
}
