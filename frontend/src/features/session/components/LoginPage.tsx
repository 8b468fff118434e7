/** The way in for who has an account, and for visitors while there are demo users. */
import { useSession } from '@/shared/api';
import { CredentialsForm } from './CredentialsForm';
import { DemoUsers } from './DemoUsers';
import { EntryLayout } from './EntryLayout';

const OTHER = { to: '/signup', question: 'New here?', answer: 'Open an account' };

export function LoginPage() {
  const { logIn, status, ...state } = useSession();
  const hasEnded = status === 'anonymous' && state.hasEnded;
  return (
    <EntryLayout title="Log in" other={OTHER}>
      <CredentialsForm
        action="Log in"
        isNew={false}
        send={logIn}
        validate={({ name, password }) => ({
          name: name.trim() ? null : 'Enter your name.',
          password: password ? null : 'Enter your password.',
        })}
        notice={hasEnded ? 'Your session has ended. Log in again.' : undefined}
      />
      <DemoUsers />
    </EntryLayout>
  );
}
