/** Placing orders. */
export { OrderTicket } from './components/OrderTicket';
