/** The simulated CRM: contacts, put under the customer's id. */
import { textAt } from '../kit/field.ts';
import { type SimulatedSystem, startSystem } from '../kit/simulated-system.ts';

export interface Contact {
  id: string;
  name: string;
  email: string;
  phone: string | null;
  country: string | null;
  language: string | null;
  /** How often it was put. */
  revision: number;
}

export interface Crm extends SimulatedSystem {
  contacts(): readonly Contact[];
}

/** `PUT /contacts/{id}` creates (201) or replaces (200), `GET /contacts/{id}` reads. All need the key in `X-Api-Key`. */
export async function startCrm({ apiKey }: { apiKey: string }): Promise<Crm> {
  const contacts = new Map<string, Contact>();
  const system = await startSystem({
    name: 'crm',
    title: 'CRM',
    state: () => ({ contacts: [...contacts.values()] }),
    tables: () => [
      {
        title: 'Contacts',
        columns: ['Id', 'Name', 'E-mail', 'Phone', 'Country', 'Written'],
        rows: [...contacts.values()]
          .reverse()
          .map(({ id, name, email, phone, country, revision }) => [id, name, email, phone ?? '', country ?? '', `${revision}×`]),
      },
    ],
    routes(app) {
      app.addHook('onRequest', async (request, reply) => {
        if (request.headers['x-api-key'] !== apiKey) return reply.code(401).send({ error: 'unauthorized' });
      });
      app.put<{ Params: { id: string } }>('/contacts/:id', async (request, reply) => {
        const name = textAt(request.body, 'name');
        const email = textAt(request.body, 'email');
        if (name === null || email === null) return reply.code(422).send({ error: 'expected name and email' });
        const { id } = request.params;
        const earlier = contacts.get(id);
        const [phone, country, language] = ['phone', 'country', 'language'].map((field) => textAt(request.body, field));
        const contact = {
          id,
          name,
          email,
          phone: phone ?? null,
          country: country ?? null,
          language: language ?? null,
          revision: (earlier?.revision ?? 0) + 1,
        };
        contacts.set(id, contact);
        return reply.code(earlier ? 200 : 201).send(contact);
      });
      app.get<{ Params: { id: string } }>('/contacts/:id', async (request, reply) => {
        return contacts.get(request.params.id) ?? reply.code(404).send({ error: 'no such contact' });
      });
    },
  });
  return { ...system, contacts: () => [...contacts.values()] };
}
