/** What the overview borrows of alerts. */
export { FiringList } from './firing-list.tsx';
