/** Asks once more before something that cannot be taken back. */
import { Alert, Button, Group, Modal, Stack, Text } from '@mantine/core';
import { sentenceOf } from '@/shared/api';

interface Props {
  opened: boolean;
  title: string;
  consequence: string;
  action: string;
  isBusy: boolean;
  error: unknown;
  onConfirm: () => void;
  onClose: () => void;
}

/** Cancel is where the focus starts, so that Enter alone destroys nothing. */
export function AccountPageConfirm({ opened, title, consequence, action, isBusy, error, onConfirm, onClose }: Props) {
  return (
    <Modal opened={opened} onClose={onClose} title={title} centered>
      <Stack gap="md">
        <Text size="sm">{consequence}</Text>
        {error ? <Alert color="red" role="alert">{sentenceOf(error)}</Alert> : null}
        <Group justify="flex-end">
          <Button variant="default" data-autofocus onClick={onClose}>Cancel</Button>
          <Button color="red" loading={isBusy} onClick={onConfirm}>{action}</Button>
        </Group>
      </Stack>
    </Modal>
  );
}
