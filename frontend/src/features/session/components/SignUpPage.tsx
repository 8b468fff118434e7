/** Opens an account; it comes with cash and shares, so that trading can start at once. */
import { Text } from '@mantine/core';
import { useSession } from '@/shared/api';
import { nameProblem, newPasswordProblem } from '../api/credentials';
import { CredentialsForm } from './CredentialsForm';
import { EntryLayout } from './EntryLayout';

const OTHER = { to: '/login', question: 'Have an account?', answer: 'Log in' };

export function SignUpPage() {
  const { signUp } = useSession();
  return (
    <EntryLayout title="Open an account" other={OTHER}>
      <Text size="sm" c="dimmed" mb="md">
        It takes a name and a password. You can trade at once.
      </Text>
      <CredentialsForm
        action="Open account"
        isNew
        send={signUp}
        validate={({ name, password }) => ({ name: nameProblem(name), password: newPasswordProblem(password, name) })}
      />
    </EntryLayout>
  );
}
