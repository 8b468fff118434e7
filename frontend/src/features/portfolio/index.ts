/** What an account owns, what that is worth, and how it came about. */
export { AccountSummary } from './components/AccountSummary';
export { PortfolioPage } from './components/PortfolioPage';
