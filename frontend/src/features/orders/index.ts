/** Orders that were placed: lists, details, changes, and news of them. */
export { OpenOrdersPanel } from './components/OpenOrdersPanel';
export { OrderNews } from './components/OrderNews';
export { OrdersPage } from './components/OrdersPage';
