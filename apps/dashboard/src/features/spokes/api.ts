/** What other screens borrow of spokes: how they are, their signs, and the dialogs that pause and resume them. */
export { curlExample } from './curl-example.ts';
export { familyRank, useFamilyName } from './families.ts';
export { KindLogo } from './kind-logo.tsx';
export { PauseDialog } from './pause-dialog.tsx';
export { ResumeDialog } from './resume-dialog.tsx';
export { takesDeliveries } from './spoke-health.ts';
export {
  kindQuery,
  kindsQuery,
  queueQuery,
  queuesQuery,
  spokeQuery,
  spokesQuery,
  useSpokesChanged,
} from './use-spokes.ts';
