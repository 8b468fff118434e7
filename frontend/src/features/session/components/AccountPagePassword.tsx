/** Changing the password; all other sessions end with it. */
import { Alert, Button, PasswordInput, Stack, Text } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { ApiError, sentenceOf, useSession } from '@/shared/api';
import { Panel } from '@/shared/ui';
import { useChangePassword } from '../api/account';
import { passwordProblems, SHORTEST_PASSWORD, type PasswordForm } from '../api/passwordForm';

const EMPTY: PasswordForm = { old: '', fresh: '', again: '' };

export function AccountPagePassword() {
  const { accountName } = useSession();
  const [form, setForm] = useState(EMPTY);
  const [isChecked, setChecked] = useState(false);
  const change = useChangePassword();
  const problems = isChecked ? passwordProblems(form) : {};
  const refused = refusalsByField(change.error);
  const field = (name: keyof PasswordForm) => ({
    value: form[name],
    onChange: (event: { currentTarget: HTMLInputElement }) => {
      change.reset();
      setForm({ ...form, [name]: event.currentTarget.value });
    },
    error: problems[name] ?? refused[name],
  });

  function submit(event: FormEvent) {
    event.preventDefault();
    setChecked(true);
    if (Object.keys(passwordProblems(form)).length > 0 || change.isPending) return;
    change.mutate({ old: form.old, new: form.fresh }, {
      onSuccess: () => {
        setForm(EMPTY);
        setChecked(false);
      },
    });
  }

  return (
    <Panel title="Password">
      <form onSubmit={submit} noValidate>
        <Stack gap="sm">
          <input type="text" autoComplete="username" value={accountName ?? ''} readOnly hidden />
          <PasswordInput label="Current password" autoComplete="current-password" {...field('old')} />
          <PasswordInput
            label="New password"
            description={`At least ${SHORTEST_PASSWORD} characters`}
            autoComplete="new-password"
            {...field('fresh')}
          />
          <PasswordInput label="New password again" autoComplete="new-password" {...field('again')} />
          {change.error && Object.keys(refused).length === 0 ? <Alert color="red" role="alert">{sentenceOf(change.error)}</Alert> : null}
          <Text size="sm" c="dimmed">Everybody logged in elsewhere with the old password is logged out. API keys go on working.</Text>
          <Button type="submit" loading={change.isPending} style={{ alignSelf: 'flex-start' }}>Change password</Button>
          <div role="status">
            {change.isSuccess ? <Alert color="teal">The password is changed. All other sessions have ended.</Alert> : null}
          </div>
        </Stack>
      </form>
    </Panel>
  );
}

/** The exchange's refusal beside the field it is about. */
function refusalsByField(error: unknown): Partial<PasswordForm> {
  if (!(error instanceof ApiError)) return {};
  if (error.name === 'wrong_credentials') return { old: error.message };
  return error.name === 'weak_password' ? { fresh: error.message } : {};
}
