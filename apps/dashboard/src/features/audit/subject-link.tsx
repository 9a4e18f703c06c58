/** The page of what an audit entry is about, where there is one. */
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';

/** @param props.subject `spoke:shop`, `message:0199…` */
export function SubjectLink({ subject, children }: { subject: string; children: ReactNode }) {
  const colon = subject.indexOf(':');
  const [kind, name] = [subject.slice(0, colon), subject.slice(colon + 1)];
  if (name === '' || colon < 0) return children;
  if (kind === 'spoke') {
    return (
      <Link to="/spokes/$name" params={{ name }}>
        {children}
      </Link>
    );
  }
  if (kind === 'route') {
    return (
      <Link to="/routes/$name" params={{ name }}>
        {children}
      </Link>
    );
  }
  if (kind === 'message') {
    return (
      <Link to="/messages/$id" params={{ id: name }}>
        {children}
      </Link>
    );
  }
  if (kind === 'delivery') {
    return (
      <Link to="/deliveries/$id" params={{ id: name }}>
        {children}
      </Link>
    );
  }
  if (kind === 'replay') {
    return (
      <Link to="/replays/$id" params={{ id: name }}>
        {children}
      </Link>
    );
  }
  return children;
}
