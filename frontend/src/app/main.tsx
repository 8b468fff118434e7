/** Starts the page. */
import './mantine';
import './page.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { queryClient } from '@/shared/api';
import { session, startSession } from '@/shared/api/session';
import { App } from './App';

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root');

forgetWithAccount();
void startSession();
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);

/** What was fetched for one account is gone before anything is shown to the next. */
function forgetWithAccount(): void {
  let { accountId } = session.getState();
  session.subscribe(() => {
    if (session.getState().accountId === accountId) return;
    accountId = session.getState().accountId;
    queryClient.clear();
  });
}
