/** The account page, apart from the rest of the feature so that it is loaded when it is first opened. */
export { AccountPage } from './components/AccountPage';
