/** Closes a run: counts, what the systems have compared with what was sent, and whether everything is accounted for. */
import type { Delivery } from '@nave/api-schema';
import type { Company } from '../systems/company.ts';
import type { Ledger, LedgerCounts } from '../watch/ledger.ts';
import type { Settled } from '../watch/settle.ts';
import { type BookCheck, type Booked, type Books, checkBooks } from './check-books.ts';
import { checkStories, type StoryBooks } from './check-stories.ts';

export interface Account {
  counts: LedgerCounts & {
    deliveries: number;
    delivered: number;
    /** Held back by a route's `when`. */
    filtered: number;
    /** Deliveries that needed more than one attempt. */
    retried: number;
    /** Attempts beyond the first. */
    retries: number;
    dead: number;
    /** Neither succeeded, filtered nor dead. */
    open: number;
  };
  dead: Delivery[];
  checks: BookCheck[];
  /** What is not accounted for, in sentences; empty when everything is. */
  missing: string[];
}

export function accountFor(ledger: Ledger, settled: readonly Settled[], company: Company): Account {
  const deliveries = settled.flatMap(({ message }) => message?.deliveries ?? []);
  const inState = (state: Delivery['state']) => deliveries.filter((delivery) => delivery.state === state);
  const retried = deliveries.filter(({ attemptCount }) => attemptCount > 1);
  const [delivered, filtered, dead] = [inState('succeeded'), inState('skipped'), inState('dead')];
  const counts = {
    ...ledger.counts(),
    deliveries: deliveries.length,
    delivered: delivered.length,
    filtered: filtered.length,
    retried: retried.length,
    retries: retried.reduce((sum, { attemptCount }) => sum + attemptCount - 1, 0),
    dead: dead.length,
    open: deliveries.length - delivered.length - filtered.length - dead.length,
  };
  const checks = [...checkBooks(booksOf(settled, company)), ...checkStories(storyBooksOf(settled, company))];
  return { counts, dead, checks, missing: missingOf(counts, settled, checks) };
}

function missingOf(counts: Account['counts'], settled: readonly Settled[], checks: readonly BookCheck[]): string[] {
  const missing: string[] = [];
  if (counts.notTaken > 0) missing.push(`${counts.notTaken} genuine webhooks were not taken`);
  if (counts.sent !== counts.acknowledged + counts.notTaken)
    missing.push(`${counts.sent - counts.acknowledged - counts.notTaken} webhooks have no answer`);
  if (counts.forged !== counts.forgedRefused)
    missing.push(`${counts.forged - counts.forgedRefused} forged webhooks were not refused with 401`);
  if (counts.open > 0) missing.push(`${counts.open} deliveries are still under way`);
  for (const { entry, message } of settled) {
    // The messenger is broken on purpose; a death anywhere else is one nobody planned.
    for (const { id, state, spoke, reason } of message?.deliveries ?? [])
      if (state === 'dead' && spoke !== 'messenger') missing.push(`delivery ${id} to ${spoke} is dead (${reason ?? 'no reason'})`);
    if (message === null) missing.push(`message ${entry.hook.messageId ?? '-'} could not be read`);
    else if (message.state === 'accepted' || message.deliveries.length === 0) missing.push(`message ${message.id} is ${message.state}`);
  }
  return [...missing, ...checks.flatMap(({ problems }) => problems)];
}

function booksOf(settled: readonly Settled[], { erp, crm, directory, messenger }: Company): Books {
  const orders: Books['orders'][number][] = [];
  const payments: Books['payments'][number][] = [];
  const employees: Books['employees'][number][] = [];
  for (const { entry, message } of settled) {
    const states = Object.fromEntries((message?.deliveries ?? []).map(({ route, state }) => [route, state]));
    const { happening } = entry;
    if (happening.kind === 'order') orders.push(booked(happening.order, states));
    else if (happening.kind === 'payment') payments.push(booked(happening.payment, states));
    else if (happening.kind === 'employee') employees.push(booked(happening.event, states));
  }
  return {
    ...{ orders, payments, employees },
    ...{ invoices: erp.invoices(), contacts: crm.contacts(), accounts: directory.accounts(), messages: messenger.messages() },
  };
}

function storyBooksOf(settled: readonly Settled[], { named }: Company): StoryBooks {
  const events = settled.flatMap(({ entry: { happening }, message }) =>
    happening.kind === 'story' ? [{ sent: happening.event, completed: message?.state === 'completed' }] : [],
  );
  return { events, invoices: named.invoices(), contacts: named.contacts(), accounts: named.accounts() };
}

function booked<T>(sent: T, states: Booked<T>['states']): Booked<T> {
  return { sent, states };
}
