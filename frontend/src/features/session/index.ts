/** Coming in, going out, and who is in. The account's page is loaded by itself: see components/AccountPage. */
export { AccountMenu } from './components/AccountMenu';
export { LoginPage } from './components/LoginPage';
export { SignUpPage } from './components/SignUpPage';
