/** Making an API key and showing its secret, this once. */
import { Alert, Button, Code, Group, Modal, Stack, Text, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconPlus } from '@tabler/icons-react';
import { useState, type FormEvent } from 'react';
import { sentenceOf } from '@/shared/api';
import { useCreateApiKey, type ApiKeyWithSecret } from '../api/account';
import classes from './AccountPage.module.css';
import { AccountPageCopy } from './AccountPageCopy';

const LONGEST_LABEL = 64;

export function AccountPageNewKey() {
  const [isOpen, dialog] = useDisclosure();
  const creating = useCreateApiKey();
  const made = creating.data;

  function open() {
    creating.reset();
    dialog.open();
  }

  return (
    <>
      <Button size="xs" leftSection={<IconPlus size={14} />} onClick={open}>Create key</Button>
      <Modal
        opened={isOpen}
        onClose={dialog.close}
        onExitTransitionEnd={creating.reset}
        title={made ? 'Keep the secret now' : 'Create an API key'}
        size="lg"
        centered
        closeOnClickOutside={!made}
        closeOnEscape={!made}
        withCloseButton={!made}
      >
        {made ? (
          <Secret made={made} onDone={dialog.close} />
        ) : (
          <LabelForm isBusy={creating.isPending} error={creating.error} onSubmit={(label) => creating.mutate(label)} />
        )}
      </Modal>
    </>
  );
}

function LabelForm({ isBusy, error, onSubmit }: { isBusy: boolean; error: unknown; onSubmit: (label: string) => void }) {
  const [label, setLabel] = useState('');

  function submit(event: FormEvent) {
    event.preventDefault();
    if (!isBusy) onSubmit(label.trim());
  }

  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        <TextInput
          label="Label"
          description="What the key is for, in your words"
          placeholder="Market-making bot"
          data-autofocus
          maxLength={LONGEST_LABEL}
          value={label}
          onChange={(event) => setLabel(event.currentTarget.value)}
        />
        {error ? <Alert color="red" role="alert">{sentenceOf(error)}</Alert> : null}
        <Group justify="flex-end"><Button type="submit" loading={isBusy}>Create key</Button></Group>
      </Stack>
    </form>
  );
}

function Secret({ made, onDone }: { made: ApiKeyWithSecret; onDone: () => void }) {
  return (
    <Stack gap="md">
      <Alert color="yellow">The secret is shown this once and kept nowhere. If it is lost, revoke the key and create another.</Alert>
      <SecretText name="Key id" text={made.key_id} />
      <SecretText name="Secret" text={made.secret} />
      <div>
        <Text size="sm" fw={500} mb={4}>Try it</Text>
        <Code block className={classes.wrapping}>{tryOut(made)}</Code>
      </div>
      <Group justify="flex-end"><Button onClick={onDone}>I have kept the secret</Button></Group>
    </Stack>
  );
}

function SecretText({ name, text }: { name: string; text: string }) {
  return (
    <div>
      <Text size="sm" fw={500} mb={4}>{name}</Text>
      <Group gap="xs" wrap="nowrap">
        <Code className={classes.secret} aria-label={name}>{text}</Code>
        <AccountPageCopy text={text} what={name.toLowerCase()} />
      </Group>
    </div>
  );
}

function tryOut({ key_id, secret }: ApiKeyWithSecret): string {
  return `curl ${window.location.origin}/v2/account \\\n  -H 'APCA-API-KEY-ID: ${key_id}' \\\n  -H 'APCA-API-SECRET-KEY: ${secret}'`;
}
