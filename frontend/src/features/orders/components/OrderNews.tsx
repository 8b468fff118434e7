/** Keeps every order on the page as the exchange last told it, and tells fills and rejections wherever the person is. */
import { notifications } from '@mantine/notifications';
import { useEffect } from 'react';
import { useSession } from '@/shared/api';
import { useOrdersLive } from '../api/useOrdersLive';
import { notify } from './notify';

/** Once per page, for signed-in people; shows nothing itself. */
export function OrderNews() {
  const { accountId } = useSession();
  useOrdersLive(notify);
  useEffect(() => () => notifications.clean(), [accountId]);
  return null;
}
