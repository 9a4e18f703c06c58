/** The screens of the rail, with the keys that lead there. */
import type { LinkProps } from '@tanstack/react-router';
import {
  Activity,
  AlertTriangle,
  CircleDot,
  Gauge,
  Inbox,
  Layers,
  type LucideIcon,
  Mail,
  Network,
  Route,
  ScrollText,
  Settings,
} from 'lucide-react';

export interface NavigationItem {
  to: NonNullable<LinkProps['to']>;
  word: 'overview' | 'map' | 'messages' | 'issues' | 'queues' | 'spokes' | 'routes' | 'alerts' | 'ledger' | 'audit' | 'settings';
  icon: LucideIcon;
  /** Pressed one after the other. */
  keys: string;
  /** Has a place in the bottom bar of narrow screens. */
  main: boolean;
}

export const NAVIGATION: readonly NavigationItem[] = [
  { to: '/', word: 'overview', icon: Gauge, keys: 'g o', main: true },
  { to: '/map', word: 'map', icon: Network, keys: 'g p', main: false },
  { to: '/messages', word: 'messages', icon: Mail, keys: 'g m', main: true },
  { to: '/issues', word: 'issues', icon: Inbox, keys: 'g i', main: true },
  { to: '/queues', word: 'queues', icon: Layers, keys: 'g q', main: true },
  { to: '/spokes', word: 'spokes', icon: CircleDot, keys: 'g s', main: false },
  { to: '/routes', word: 'routes', icon: Route, keys: 'g r', main: false },
  { to: '/alerts', word: 'alerts', icon: AlertTriangle, keys: 'g a', main: false },
  { to: '/ledger', word: 'ledger', icon: Activity, keys: 'g l', main: false },
  { to: '/audit', word: 'audit', icon: ScrollText, keys: 'g u', main: false },
  { to: '/settings', word: 'settings', icon: Settings, keys: 'g t', main: false },
];
