/** Links that this feature lends to others: to a message, to a delivery, to a spoke. */
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';

export function SpokeLink({ name }: { name: string }) {
  return (
    <Link to="/spokes/$name" params={{ name }}>
      {name}
    </Link>
  );
}

/** Leads to its message, with the delivery selected. */
export function DeliveryLink({ id, children }: { id: string; children: ReactNode }) {
  return (
    <Link to="/deliveries/$id" params={{ id }}>
      {children}
    </Link>
  );
}
