/** A delivery's own address: leads to its message with the delivery selected. */
import { useQuery } from '@tanstack/react-query';
import { Navigate, useParams } from '@tanstack/react-router';
import { ErrorNote } from '../../parts/error-note.tsx';
import { Page } from '../../parts/page.tsx';
import { SkeletonRows } from '../../parts/skeleton.tsx';
import { useDetailTexts } from './detail-texts.ts';
import { deliveryQuery } from './use-message.ts';

export function DeliveryRedirect() {
  const { id } = useParams({ from: '/deliveries/$id' });
  const t = useDetailTexts();
  const { data, error, refetch } = useQuery(deliveryQuery(id));
  if (data !== undefined) return <Navigate to="/messages/$id" params={{ id: data.messageId }} search={{ delivery: id }} replace />;
  return <Page title={t.delivery}>{error === null ? <SkeletonRows /> : <ErrorNote error={error} onRetry={() => void refetch()} />}</Page>;
}
