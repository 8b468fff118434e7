/** Notices at the corner of the page, read out when they appear; one per order: a later one takes its place. */
import { notifications } from '@mantine/notifications';

export interface Notice {
  tone: 'good' | 'bad' | 'plain';
  title: string;
  text: string;
  orderId?: string;
}

const COLOR: Record<Notice['tone'], string> = { good: 'teal', plain: 'blue', bad: 'red' };
const SHOWN_MS = 8_000;

export function notify({ tone, title, text, orderId }: Notice): void {
  const id = orderId && `order-${orderId}`;
  if (id) notifications.hide(id);
  notifications.show({
    ...(id && { id }),
    color: COLOR[tone],
    title,
    message: text,
    autoClose: SHOWN_MS,
  });
}
