/** The simulated directory: who may sign in. */

import { textAt } from '../kit/field.ts';
import { createIdempotentAnswers } from '../kit/idempotent-answers.ts';
import { type SimulatedSystem, startSystem } from '../kit/simulated-system.ts';

export interface Account {
  login: string;
  name: string;
  mail: string;
  department: string | null;
  enabled: boolean;
}

export interface Directory extends SimulatedSystem {
  accounts(): readonly Account[];
}

/**
 * `POST /accounts` creates (201; a login that is taken: 409), `POST /accounts/{login}/disable` disables (404 while there is no such account),
 * `GET /accounts/{login}` reads. All need the user and password (Basic).
 */
export async function startDirectory({ user, password }: { user: string; password: string }): Promise<Directory> {
  const accounts = new Map<string, Account>();
  const answers = createIdempotentAnswers();
  const expected = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
  const system = await startSystem({
    name: 'directory',
    title: 'Directory',
    state: () => ({ accounts: [...accounts.values()], repeats: answers.repeats() }),
    tables: () => [
      {
        title: 'Accounts',
        columns: ['Login', 'Name', 'Department', 'Enabled'],
        rows: [...accounts.values()]
          .reverse()
          .map(({ login, name, department, enabled }) => [login, name, department ?? '', enabled ? 'yes' : 'no']),
      },
    ],
    routes(app) {
      app.addHook('onRequest', async (request, reply) => {
        if (request.headers.authorization !== expected) return reply.code(401).send({ error: 'unauthorized' });
      });
      app.post('/accounts', (request, reply) =>
        answers.once(request, reply, () => {
          const [login, name, mail] = ['login', 'name', 'mail'].map((field) => textAt(request.body, field));
          if (!login || !name || !mail) return { status: 422, body: { error: 'expected login, name and mail' } };
          if (!/^[a-z0-9.]{1,64}$/.test(login)) return { status: 422, body: { error: 'expected a login of a-z, 0-9 and dots' } };
          if (accounts.has(login)) return { status: 409, body: { error: 'the login is taken' } };
          const account: Account = { login, name, mail, department: textAt(request.body, 'department'), enabled: true };
          accounts.set(login, account);
          return { status: 201, body: account };
        }),
      );
      app.post<{ Params: { login: string } }>('/accounts/:login/disable', async (request, reply) => {
        const account = accounts.get(request.params.login);
        if (!account) return reply.code(404).send({ error: 'no such account' });
        account.enabled = false;
        return account;
      });
      app.get<{ Params: { login: string } }>('/accounts/:login', async (request, reply) => {
        return accounts.get(request.params.login) ?? reply.code(404).send({ error: 'no such account' });
      });
    },
  });
  return { ...system, accounts: () => [...accounts.values()] };
}
