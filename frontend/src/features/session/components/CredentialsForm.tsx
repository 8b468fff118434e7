/** Name and password, sent once, with what was refused told beside the field it is about. */
import { Alert, Button, PasswordInput, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useState } from 'react';
import { sentenceOf } from '@/shared/api';
import { refusedField, type Credentials } from '../api/credentials';

interface CredentialsFormProps {
  action: string;
  isNew: boolean;
  send: (name: string, password: string) => Promise<void>;
  validate: (values: Credentials) => Record<keyof Credentials, string | null>;
  notice?: string | undefined;
}

export function CredentialsForm({ action, isNew, send, validate, notice }: CredentialsFormProps) {
  const [isSending, setSending] = useState(false);
  const [refusal, setRefusal] = useState<string>();
  const form = useForm<Credentials>({ mode: 'uncontrolled', initialValues: { name: '', password: '' }, validate });

  const submit = async ({ name, password }: Credentials) => {
    setSending(true);
    setRefusal(undefined);
    try {
      await send(name.trim(), password);
    } catch (error) {
      const field = refusedField(error);
      if (field) form.setFieldError(field, sentenceOf(error));
      else setRefusal(sentenceOf(error));
      setSending(false);
    }
  };

  return (
    <form onSubmit={form.onSubmit((values) => void submit(values))} noValidate>
      <Stack gap="sm">
        {notice && !refusal && <Alert color="indigo">{notice}</Alert>}
        {refusal && (
          <Alert color="red" role="alert">
            {refusal}
          </Alert>
        )}
        <TextInput
          label="Name"
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          data-autofocus
          autoFocus
          description={isNew ? '3 to 32 of a–z, 0–9, - and _' : undefined}
          {...form.getInputProps('name')}
          key={form.key('name')}
        />
        <PasswordInput
          label="Password"
          autoComplete={isNew ? 'new-password' : 'current-password'}
          description={isNew ? 'At least 10 characters' : undefined}
          visibilityToggleButtonProps={{ 'aria-label': 'Show or hide the password' }}
          {...form.getInputProps('password')}
          key={form.key('password')}
        />
        <Button type="submit" loading={isSending} fullWidth mt="xs">
          {action}
        </Button>
      </Stack>
    </form>
  );
}
